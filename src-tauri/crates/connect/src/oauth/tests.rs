use super::*;
use crate::budget::Budget;
use crate::login::LoginProblem;
use crate::time::Clock;
use crate::transport::Transport;
use ::http::Response;
use base64::Engine as _;
use model::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

struct Noon;
impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp(1_790_000_000_000)
    }

    fn steady(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }
}

fn client(exchange: Exchange) -> Client {
    Client {
        id: "app".into(),
        secret: Some("s3cret".to_owned().into()),
        authorize: Url::parse("https://provider.example/dialog").unwrap(),
        token: Url::parse("https://provider.example/token").unwrap(),
        redirect: "https://shop.example/kontor/".into(),
        exchange,
    }
}

fn query(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().into_owned().collect()
}

#[test]
fn the_page_to_open_carries_state_scopes_and_an_s256_challenge() {
    let state = State::new("messenger", Some(23811)).unwrap();
    let (url, verifier) =
        client(Exchange::Form).browse(&state, &["a", "b"], true, &[("auth_type", "rerequest")]).unwrap();
    let asked = query(&url);
    assert_eq!(asked["state"], state.as_str());
    assert_eq!(asked["redirect_uri"], "https://shop.example/kontor/");
    assert_eq!((asked["scope"].as_str(), asked["auth_type"].as_str()), ("a b", "rerequest"));
    assert_eq!(asked["code_challenge_method"], "S256");
    let hash = Sha256::digest(verifier.unwrap().expose_secret());
    let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash);
    assert_eq!(asked["code_challenge"], challenge);
    assert!(!url.as_str().contains("s3cret"));
}

#[test]
fn two_states_never_meet_and_hold_256_bits() {
    let states: Vec<State> = (0..50).map(|_| State::new("messenger", None).unwrap()).collect();
    for (index, state) in states.iter().enumerate() {
        assert_eq!(state.as_str().rsplit('.').next().unwrap().len(), 43);
        assert!(states[..index].iter().all(|other| !other.is(state.as_str())));
    }
}

async fn redeem(
    exchange: Exchange,
    status: u16,
    body: &'static str,
) -> (Result<Tokens, RedeemError>, String) {
    let seen = Arc::new(Mutex::new(String::new()));
    let transport = {
        let seen = Arc::clone(&seen);
        Transport::direct(move |request: Request<Bytes>| {
            let text = String::from_utf8_lossy(request.body()).into_owned();
            seen.lock().unwrap().push_str(&format!("{} {} {text}", request.method(), request.uri()));
            async move {
                Ok(Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap())
            }
        })
    };
    let http = Http::new(transport, Arc::new(Noon), Budget::new(10, 10.0, Timestamp(0)));
    let verifier = SecretString::from("v".repeat(43));
    let result = client(exchange).redeem(&http, "the-code", Some(&verifier)).await;
    let seen = seen.lock().unwrap().clone();
    (result, seen)
}

#[tokio::test]
async fn a_code_is_redeemed_by_one_request_in_the_providers_own_way() {
    let body = r#"{"access_token":"EAAx","token_type":"bearer","expires_in":5183944}"#;
    let (tokens, seen) = redeem(Exchange::Form, 200, body).await;
    let tokens = tokens.unwrap();
    assert_eq!(tokens.access.expose_secret(), "EAAx");
    assert_eq!(tokens.expires_in, Some(Duration::from_secs(5_183_944)));
    assert!(seen.starts_with("POST https://provider.example/token grant_type=authorization_code"), "{seen}");
    for part in ["code=the-code", "client_secret=s3cret", "code_verifier=vvv", "shop.example%2Fkontor%2F"] {
        assert!(seen.contains(part), "{part} in {seen}");
    }
    let (tokens, seen) = redeem(Exchange::Query, 200, body).await;
    assert!(tokens.is_ok());
    assert!(seen.starts_with("GET https://provider.example/token?grant_type=authorization_code"), "{seen}");
}

#[tokio::test]
async fn a_refused_code_hands_out_the_answer_and_keeps_it_out_of_the_log() {
    let body = r#"{"error":{"message":"used","code":100,"error_subcode":36009}}"#;
    let (result, _) = redeem(Exchange::Query, 400, body).await;
    let error = result.unwrap_err();
    let (status, answer) = error.answer.clone().unwrap();
    assert_eq!((status.as_u16(), answer.as_ref()), (400, body.as_bytes()));
    assert_eq!(error.fault.detail, "code not redeemed, status 400");
}

#[test]
fn a_paste_is_an_address_with_our_state_or_a_bare_code() {
    let good = "https://shop.example/kontor/?code=AQ_code-1&state=st.1#_=_";
    assert_eq!(pasted(good, "st.1").unwrap()["code"], "AQ_code-1");
    assert_eq!(pasted(" AQ_code-1#_=_\n", "st.1").unwrap()["code"], "AQ_code-1");
    for (text, problem) in [
        ("https://shop.example/?code=AQ&state=st.2", LoginProblem::WrongRedirect),
        ("https://shop.example/?code=AQ", LoginProblem::WrongRedirect),
        ("https://shop.example/?code=AQ&state=st.1&state=st.1", LoginProblem::WrongRedirect),
        ("", LoginProblem::BadAddress),
        ("short", LoginProblem::BadAddress),
        ("what is this code", LoginProblem::BadAddress),
        ("<script>alert(1)</script>", LoginProblem::BadAddress),
    ] {
        assert_eq!(pasted(text, "st.1"), Err(problem), "{text}");
    }
    assert_eq!(pasted(&"x".repeat(9000), "st.1"), Err(LoginProblem::BadAddress));
}

/// Sends bytes to the listener and says what came back.
async fn knock(port: u16, bytes: &[u8]) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.write_all(bytes).await;
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn the_loopback_takes_the_one_redirect_of_this_sign_in_and_nothing_else() {
    // One test binds ports, so that two never race for them.
    let squatters = [Loopback::bind("one").await.unwrap(), Loopback::bind("two").await.unwrap()];
    assert_ne!(squatters[0].port(), squatters[1].port());
    drop(squatters);

    let loopback = Loopback::bind("messenger").await.unwrap();
    let port = loopback.port();
    assert_eq!(loopback.redirect(), format!("http://127.0.0.1:{port}/cb/messenger"));
    let state = State::new("messenger", Some(port)).unwrap();
    let request = |method: &str, path: &str, state: &str, host: &str| {
        format!("{method} {path}?code=c&state={state} HTTP/1.1\r\nHost: {host}\r\n\r\n")
    };
    let (path, host, right) = ("/cb/messenger", format!("127.0.0.1:{port}"), state.as_str());
    let almost = format!("{}x", &right[..right.len() - 1]);
    let visits = async {
        for wrong in [
            request("GET", path, "wrong", &host),
            request("GET", path, &almost, &host),
            request("GET", path, "", &host),
            request("GET", path, &format!("{right}&state={right}"), &host),
            request("POST", path, right, &host),
            request("HEAD", path, right, &host),
            request("OPTIONS", path, right, &host),
            request("GET", path, right, "localhost"),
            request("GET", path, right, "evil.example"),
            request("GET", path, right, &format!("127.0.0.1:{}", port ^ 1)),
            request("GET", path, right, &format!("{host}\r\nHost: evil.example")),
            format!("GET {path}?code=c&state={right} HTTP/1.1\r\n\r\n"),
            format!("GET {path}?code=c&state={right}\r\n\r\n"),
            format!("GET {path}?code={}&state={right} HTTP/1.1\r\nHost: {host}\r\n\r\n", "c".repeat(9000)),
            "\u{0}\u{1}nonsense\r\n\r\n".to_owned(),
        ] {
            let answer = knock(port, wrong.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 400 ") || answer.is_empty(), "{wrong:.200} got {answer}");
            assert!(!answer.contains("Signed in"));
        }
        for path in ["/cb/matrix", "/cb/messenger/", "/cb/%6Dessenger", "/", "/favicon.ico"] {
            let answer = knock(port, request("GET", path, right, &host).as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 404 "), "{path} got {answer}");
        }
        let silent = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let answer = knock(port, request("GET", path, right, &host).as_bytes()).await;
        drop(silent);
        answer
    };
    let (parameters, answer) = tokio::join!(loopback.wait(state.as_str()), visits);
    assert_eq!(parameters.unwrap()["code"], "c");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("no-store"), "{answer}");
    assert!(answer.contains("default-src 'none'") && !answer.contains(right), "{answer}");
    drop(loopback);
    assert!(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err(), "closed with its sign-in");

    let mut taken = Vec::new();
    while let Ok(loopback) = Loopback::bind("messenger").await {
        taken.push(loopback);
    }
    assert_eq!(Loopback::bind("messenger").await.unwrap_err(), LoopbackError::NoPort);
}

#[test]
fn the_bounce_page_allows_only_its_own_script_and_only_our_ports() {
    let page = include_str!("../../bounce/index.html");
    for tag in ["script", "style"] {
        let start = page.find(&format!("<{tag}>")).unwrap() + tag.len() + 2;
        let end = page.find(&format!("</{tag}>")).unwrap();
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&page[start..end]));
        assert!(page.contains(&format!("{tag}-src 'sha256-{hash}'")), "the hash of <{tag}> is {hash}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains(r#"name="referrer" content="no-referrer""#));
    assert_eq!(page.matches("location.replace(`http://127.0.0.1:${parts[2]}/cb/${parts[1]}?").count(), 1);
    for absent in
        ["localStorage", "sessionStorage", "fetch(", "iframe", "document.cookie", "innerHTML", "src="]
    {
        assert!(!page.contains(absent), "{absent}");
    }
    assert!(PORTS.iter().all(|port| port / 10 == 2381 && (1..=5).contains(&(port % 10))));
    assert!(page.contains(r"\.(2381[1-5])\."));
}
