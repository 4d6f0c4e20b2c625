//! Behaviours 4 to 7, 44 and 45: sign-in, tokens, proofs, hosts, errors, versions.

use serde_json::{Value, json};

use super::messenger_page::{GRAPH, REDIRECT, Shop, refusal, shop};
use super::support::{ask, raw, sleep_ms};
use crate::messenger::proof_of;
use crate::{Consent, Match, Mishap, TokenState};

const DIALOG: &str = "https://www.facebook.com/v25.0/dialog/oauth";

fn authorize_url(shop: &Shop) -> String {
    format!(
        "{DIALOG}?client_id={}&redirect_uri={}&state=s%2B1&response_type=code&scope=pages_show_list,pages_messaging",
        shop.app,
        crate::wire::encode(REDIRECT)
    )
}

fn code_of(address: &str) -> String {
    crate::wire::params(address.split_once('?').unwrap().1.split('#').next().unwrap().as_bytes())["code"]
        .clone()
}

async fn exchange(shop: &Shop, code: &str, secret: &str) -> (u16, Value) {
    let url = format!(
        "{GRAPH}/oauth/access_token?client_id={}&client_secret={secret}&redirect_uri={}&code={code}",
        shop.app,
        crate::wire::encode(REDIRECT)
    );
    ask(&shop.world, "GET", &url, "", "").await
}

#[tokio::test(start_paused = true)]
async fn messenger_4_dialog_code_long_token_and_pages() {
    let shop = shop();
    shop.meta.link_instagram(&shop.page, "17841400000000001", "shop");
    let other = shop.meta.create_page(&shop.user, "Café", "Cafe");
    shop.meta.set_tasks(&shop.user, &other, &["ANALYZE"]);
    let address = shop.meta.decide(&authorize_url(&shop), &shop.user, &Consent::Allow).unwrap();
    assert!(
        address.starts_with(&format!("{REDIRECT}?code=")) && address.contains("&state=s%2B1"),
        "{address}"
    );
    let code = code_of(&address);
    let (status, short) = exchange(&shop, &code, &shop.secret).await;
    assert_eq!((status, &short["token_type"]), (200, &json!("bearer")));
    assert_eq!(refusal(&exchange(&shop, &code, &shop.secret).await), (100, 36_009), "a code works once");
    assert_eq!(refusal(&exchange(&shop, &code, "wrong").await).0, 1);

    let url = format!(
        "{GRAPH}/oauth/access_token?grant_type=fb_exchange_token&client_id={}&client_secret={}&fb_exchange_token={}",
        shop.app,
        shop.secret,
        short["access_token"].as_str().unwrap()
    );
    let (_, long) = ask(&shop.world, "GET", &url, "", "").await;
    assert_eq!(long["expires_in"], 5_183_944);
    let token = long["access_token"].as_str().unwrap();
    let fields = "fields=id,name,access_token,tasks,instagram_business_account%7Bid,username%7D";
    let (_, first) =
        ask(&shop.world, "GET", &format!("{GRAPH}/me/accounts?{fields}&limit=1"), token, "").await;
    assert_eq!(first["data"][0]["instagram_business_account"]["username"], "shop");
    let next = first["paging"]["next"].as_str().unwrap();
    let (_, second) = ask(&shop.world, "GET", next, "", "").await;
    assert_eq!(second["data"][0]["tasks"], json!(["ANALYZE"]));
    assert!(second["paging"].get("next").is_none());
    let weak = second["data"][0]["access_token"].as_str().unwrap();
    let list = format!("{GRAPH}/{other}/conversations?platform=messenger");
    assert_eq!(refusal(&ask(&shop.world, "GET", &list, weak, "").await).0, 200, "no MESSAGING task");

    let page_token = first["data"][0]["access_token"].as_str().unwrap();
    let url =
        format!("{GRAPH}/debug_token?input_token={page_token}&access_token={}%7C{}", shop.app, shop.secret);
    let (_, seen) = ask(&shop.world, "GET", &url, "", "").await;
    assert_eq!((&seen["data"]["type"], &seen["data"]["expires_at"]), (&json!("PAGE"), &json!(0)));
}

#[tokio::test(start_paused = true)]
async fn messenger_4_pages_missing_from_the_list_are_named_by_granular_scopes() {
    let shop = shop();
    shop.meta.set_lists_pages(&shop.user, false);
    let token =
        shop.meta.user_token(&shop.app, &shop.user, &["pages_show_list", "pages_messaging"], 5_183_944);
    let (_, listed) = ask(&shop.world, "GET", &format!("{GRAPH}/me/accounts"), &token, "").await;
    assert_eq!(listed, json!({ "data": [] }));
    let url = format!("{GRAPH}/debug_token?input_token={token}&access_token={}%7C{}", shop.app, shop.secret);
    let (_, seen) = ask(&shop.world, "GET", &url, "", "").await;
    assert_eq!(seen["data"]["granular_scopes"][1]["target_ids"], json!([shop.page]));
    let (_, page) =
        ask(&shop.world, "GET", &format!("{GRAPH}/{}?fields=access_token,name", shop.page), &token, "").await;
    let page_token = page["access_token"].as_str().unwrap();
    assert_eq!(ask(&shop.world, "GET", &format!("{GRAPH}/me"), page_token, "").await.1["id"], shop.page);
}

#[tokio::test(start_paused = true)]
async fn messenger_4_the_dialog_page_has_links_and_wrong_redirects_never_redirect() {
    let shop = shop();
    let page = raw(&shop.world, "GET", &authorize_url(&shop), "", "").await.unwrap();
    let text = String::from_utf8(page.body().to_vec()).unwrap();
    let link = text
        .split("class=\"allow\" href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&");
    let allowed = raw(&shop.world, "GET", &format!("{DIALOG}{link}"), "", "").await.unwrap();
    assert_eq!(allowed.status(), 302);
    let address = allowed.headers()["location"].to_str().unwrap();
    assert_eq!(exchange(&shop, &code_of(address), &shop.secret).await.0, 200);
    let denied = shop.meta.decide(&authorize_url(&shop), &shop.user, &Consent::Deny).unwrap();
    assert!(
        denied.contains("error=access_denied") && denied.contains("error_reason=user_denied"),
        "{denied}"
    );
    let wrong = authorize_url(&shop).replace("bounce", "evil");
    assert_eq!(raw(&shop.world, "GET", &wrong, "", "").await.unwrap().status(), 400);
    assert!(shop.meta.decide(&wrong, &shop.user, &Consent::Allow).is_err());
}

#[tokio::test(start_paused = true)]
async fn messenger_4_data_access_lapses_ninety_days_after_the_last_consent_whatever_tokens_do() {
    const DAY_MS: u64 = 86_400_000;
    let shop = shop();
    shop.meta.write(&shop.ada, "hi");
    let user = shop.meta.user_token(&shop.app, &shop.user, &["pages_show_list"], 5_183_944);
    let facts = async |token: &str| {
        let own = format!("{}%7C{}", shop.app, shop.secret);
        let url = format!("{GRAPH}/debug_token?input_token={token}&access_token={own}");
        ask(&shop.world, "GET", &url, "", "").await.1["data"].clone()
    };
    let consented_s = shop.world.now_ms() / 1000;
    assert_eq!(facts(&shop.token).await["data_access_expires_at"], consented_s + 90 * 86_400);
    sleep_ms(59 * DAY_MS).await;
    let exchange = format!(
        "{GRAPH}/oauth/access_token?grant_type=fb_exchange_token&client_id={}&client_secret={}&fb_exchange_token={user}",
        shop.app, shop.secret,
    );
    let (_, longer) = ask(&shop.world, "GET", &exchange, "", "").await;
    let longer = facts(longer["access_token"].as_str().unwrap()).await;
    assert_eq!(longer["data_access_expires_at"], consented_s + 90 * 86_400, "an exchange is no consent");
    assert!(longer["expires_at"].as_i64().unwrap() > consented_s + 118 * 86_400);
    sleep_ms(31 * DAY_MS).await;
    assert_eq!(shop.refused(&format!("{}/conversations", shop.page)).await, (10, 0));
    assert_eq!(facts(&shop.token).await["is_valid"], true);
    shop.meta.decide(&authorize_url(&shop), &shop.user, &Consent::Allow).unwrap();
    shop.list("").await;
}

#[tokio::test(start_paused = true)]
async fn messenger_5_every_state_of_a_token_has_its_subcode() {
    let shop = shop();
    assert_eq!(shop.get("me").await.0, 200);
    for (state, subcode) in [
        (TokenState::Expired, 463),
        (TokenState::PasswordChanged, 460),
        (TokenState::Invalidated, 467),
        (TokenState::AppRemoved, 458),
        (TokenState::Checkpoint, 459),
    ] {
        shop.meta.set_token_state(&shop.token, state);
        assert_eq!(shop.refused("me").await, (190, subcode));
    }
    shop.meta.set_token_state(&shop.token, TokenState::Valid);
    shop.meta.expire_token_in(&shop.token, 60);
    sleep_ms(59_000).await;
    assert_eq!(shop.get("me").await.0, 200);
    sleep_ms(1_000).await;
    assert_eq!(shop.refused("me").await, (190, 463));
}

#[tokio::test(start_paused = true)]
async fn messenger_5_a_missing_scope_is_10_on_reading_and_200_on_sending() {
    let shop = shop();
    shop.meta.write(&shop.ada, "hi");
    shop.meta.revoke_scope(&shop.token, "pages_messaging");
    assert_eq!(shop.refused(&format!("{}/conversations", shop.page)).await, (10, 0));
    assert_eq!(refusal(&shop.say("hi").await), (200, 0));
}

#[tokio::test(start_paused = true)]
async fn messenger_6_a_required_proof_must_be_there_and_right() {
    let shop = shop();
    shop.meta.require_proof(&shop.app, true);
    let (status, answer) = shop.get("me").await;
    assert_eq!((status, &answer["error"]["type"]), (400, &json!("GraphMethodException")));
    assert_eq!(shop.refused("me?appsecret_proof=00").await, (100, 0));
    let proof = proof_of(&shop.secret, &shop.token);
    assert_eq!(shop.get(&format!("me?appsecret_proof={proof}")).await.0, 200);
}

#[tokio::test(start_paused = true)]
async fn messenger_7_the_wrong_host_is_190_and_the_instagram_id_is_code_3() {
    let shop = shop();
    shop.meta.link_instagram(&shop.page, "17841400000000001", "shop");
    let wrong = ask(&shop.world, "GET", "https://graph.instagram.com/v25.0/me", &shop.token, "").await;
    assert_eq!(refusal(&wrong).0, 190);
    assert_eq!(refusal(&ask(&shop.world, "GET", &format!("{GRAPH}/me"), "IGAAxyz", "").await).0, 190);
    let body = json!({ "recipient": { "id": shop.ada }, "message": { "text": "x" } }).to_string();
    let sent =
        ask(&shop.world, "POST", &format!("{GRAPH}/17841400000000001/messages"), &shop.token, &body).await;
    assert_eq!(refusal(&sent).0, 3);
}

#[tokio::test(start_paused = true)]
async fn messenger_44_errors_vary_in_keys_and_status_and_outages_are_no_json() {
    let shop = shop();
    shop.meta.set_token_state(&shop.token, TokenState::Invalidated);
    let mut statuses = std::collections::BTreeSet::new();
    for _ in 0..20 {
        statuses.insert(shop.get("me").await.0);
    }
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), [400, 401]);
    shop.meta.set_token_state(&shop.token, TokenState::Valid);
    let (_, without) = shop.get("12345").await;
    assert!(without["error"]["fbtrace_id"].is_string() && without["error"].get("error_user_title").is_none());
    let (_, with) = shop.say("outside of the window").await;
    assert!(with["error"]["error_user_title"].is_string() && with["error"]["error_subcode"].is_i64());
    shop.world.arrange(Match::any(), Mishap::Html { status: 502 }, 1);
    shop.world.arrange(Match::any(), Mishap::Empty { status: 500 }, 1);
    let html = raw(&shop.world, "GET", &format!("{GRAPH}/me"), &shop.token, "").await.unwrap();
    assert!(html.body().starts_with(b"<html") && html.status() == 502);
    let empty = raw(&shop.world, "GET", &format!("{GRAPH}/me"), &shop.token, "").await.unwrap();
    assert!(empty.body().is_empty() && empty.status() == 500);
}

#[tokio::test(start_paused = true)]
async fn messenger_45_old_versions_are_answered_as_the_oldest_live_one_and_future_ones_refused() {
    let shop = shop();
    for (path, served) in
        [("v20.0/me", "v21.0"), ("v3.1/me", "v21.0"), ("me", "v21.0"), ("v26.0/me", "v26.0")]
    {
        let url = format!("https://graph.facebook.com/{path}");
        let answer = raw(&shop.world, "GET", &url, &shop.token, "").await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["facebook-api-version"]),
            (200, &served.parse().unwrap())
        );
    }
    let future = ask(&shop.world, "GET", "https://graph.facebook.com/v27.0/me", &shop.token, "").await;
    assert_eq!(refusal(&future).0, 2500);
}
