//! Sending: once on the wire, and honest about what happened.

use super::fake::{Fake, NOON, PAGE, answer, error, ok, session, time};
use connect::{Certainty, FaultKind, Receipt, Refusal};
use model::account::Barrier;
use model::remote::{Outgoing, OutgoingFile, RemoteOp};
use model::{MediaId, OpId, RemoteId, Timestamp};
use serde_json::json;

fn text(body: &str) -> Outgoing {
    Outgoing {
        op_id: OpId::new(Timestamp(NOON * 1000), [5; 10]),
        conversation: "t_1".into(),
        recipient: Some("71".into()),
        body: body.into(),
        file: None,
        reply_to: None,
        first_attempt_at: Timestamp(NOON * 1000),
    }
}

fn page() -> Fake {
    let fake = Fake::default();
    fake.say("t_1", "m_1", false, "Haben Sie offen?", NOON - 60);
    fake
}

#[tokio::test(start_paused = true)]
async fn a_reply_is_one_request_and_brings_the_id() {
    let fake = page();
    let receipt = session(&fake).perform(&RemoteOp::Send(text("Ja, bis 18 Uhr."))).await.unwrap();
    assert_eq!(receipt.remote_id, Some("m_sent1".into()));
    let [call] = &fake.calls()[..] else { panic!("one request") };
    assert_eq!(
        (call.method.as_str(), call.path(), call.bearer.as_str()),
        ("POST", "101/messages", "Bearer EAApage")
    );
    assert!(call.query.contains_key("appsecret_proof"));
    assert_eq!(call.json()["messaging_type"], "RESPONSE");
}

#[tokio::test(start_paused = true)]
async fn without_a_known_customer_the_thread_is_asked_first() {
    let fake = page();
    let out = Outgoing { recipient: None, ..text("Ja") };
    session(&fake).perform(&RemoteOp::Send(out)).await.unwrap();
    assert_eq!(fake.paths(), ["GET t_1", "POST 101/messages"]);
    let out = Outgoing { recipient: None, conversation: "t_404".into(), ..text("Ja") };
    let fault = session(&fake).perform(&RemoteOp::Send(out)).await.unwrap_err();
    assert_eq!((fault.kind, fault.certainty), (FaultKind::Refused(Refusal::NotFound), Certainty::NotDone));
}

/// Behaviour 28 of the platform: delivered but the answer is lost; delivered although an error comes; not delivered.
#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_answered_by_reading_the_thread() {
    for (is_delivered, mode) in [(true, "reset"), (true, "invalid reply"), (false, "500")] {
        let fake = page();
        fake.rule(move |call, graph| {
            if call.method != "POST" {
                return None;
            }
            if is_delivered {
                graph.ordinary(call).unwrap();
            }
            Some(match mode {
                "reset" => Err(std::io::ErrorKind::ConnectionReset.into()),
                "invalid reply" => error(400, 1, 1_357_046, "Received Invalid JSON reply"),
                _ => answer(500, "<html>Sorry, something went wrong.</html>"),
            })
        });
        let session = session(&fake);
        let fault = session.perform(&RemoteOp::Send(text("Ja, bis 18 Uhr."))).await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown, "{mode}");
        assert_eq!(fake.paths(), ["POST 101/messages"], "{mode}: never sent again by itself");
        let found = session.find_sent(&text("Ja, bis 18 Uhr."), &[]).await.unwrap();
        assert_eq!(found, is_delivered.then(|| RemoteId::from("m_sent1")), "{mode}");
        let [call] = &fake.calls()[..] else { panic!("one read") };
        assert_eq!(call.query["user_id"], "71");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_can_be_read_is_certain_and_says_why() {
    use Refusal::*;
    for (status, code, subcode, kind) in [
        (400, 10, 2_018_278, FaultKind::Refused(WindowClosed)),
        (400, 551, 1_545_041, FaultKind::Refused(RecipientUnavailable)),
        (400, 10, 2_018_300, FaultKind::Refused(OtherAppInControl)),
        (400, 100, 2_018_109, FaultKind::Refused(Attachment)),
        (403, 200, 2_018_028, FaultKind::Refused(Permission)),
        (400, 190, 463, FaultKind::SignInAgain),
        (400, 613, 0, FaultKind::Throttled),
        (429, 80_006, 0, FaultKind::Throttled),
    ] {
        let fake = page();
        fake.rule(move |_, _| Some(error(status, code, subcode, "no")));
        let fault = session(&fake).perform(&RemoteOp::Send(text("Ja"))).await.unwrap_err();
        assert_eq!((fault.kind, fault.certainty), (kind, Certainty::NotDone), "{code}/{subcode}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_that_cannot_be_read_is_a_success_without_an_id() {
    for body in ["", "[]", "{\"recipient_id\":\"71\"}", "{\"message_id\":null}", "{\"message_id\""] {
        let fake = page();
        fake.rule(move |_, _| Some(answer(200, body)));
        let receipt = session(&fake).perform(&RemoteOp::Send(text("Ja"))).await;
        assert_eq!(receipt, Ok(Receipt::default()), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_of_the_network_is_no_success() {
    let fake = page();
    fake.rule(move |_, _| Some(answer(200, "\n<html>Welcome to our café</html>")));
    let fault = session(&fake).perform(&RemoteOp::Send(text("Ja"))).await.unwrap_err();
    let page = FaultKind::Intercepted(Barrier::Page);
    assert_eq!((fault.kind, fault.certainty), (page, Certainty::Unknown));
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_server_certainly_got_nothing() {
    let fake = page();
    fake.rule(|_, _| Some(Err(std::io::ErrorKind::ConnectionRefused.into())));
    let fault = session(&fake).perform(&RemoteOp::Send(text("Ja"))).await.unwrap_err();
    assert_eq!((fault.kind, fault.certainty), (FaultKind::Unavailable, Certainty::NotDone));
}

#[tokio::test(start_paused = true)]
async fn only_our_own_new_message_with_the_same_text_counts_as_sent() {
    let fake = page();
    fake.say("t_1", "m_theirs", false, "Ja", NOON + 5);
    fake.say("t_1", "m_before", true, "Ja", NOON - 3000);
    fake.say("t_1", "m_taken", true, "Ja", NOON + 6);
    fake.say("t_1", "m_other", true, "Nein", NOON + 7);
    let session = session(&fake);
    let taken = [RemoteId::from("m_taken")];
    assert_eq!(session.find_sent(&text("Ja"), &taken).await.unwrap(), None);
    fake.say("t_1", "m_mine", true, " Ja\n", NOON + 8);
    assert_eq!(session.find_sent(&text("Ja"), &taken).await.unwrap(), Some("m_mine".into()));
    fake.say("t_1", "m_phone", true, "Ja", NOON + 9);
    assert_eq!(
        session.find_sent(&text("Ja"), &taken).await.unwrap(),
        None,
        "two look like ours: a person decides"
    );
}

#[tokio::test(start_paused = true)]
async fn a_file_goes_in_one_multipart_request_and_is_found_by_its_kind() {
    let fake = page();
    let file = OutgoingFile {
        media: MediaId::from("abc"),
        name: "kerze.png".into(),
        mime: "image/png".into(),
        bytes: vec![137, 80, 78, 71],
    };
    let out = Outgoing { file: Some(file), body: String::new(), ..text("") };
    fake.rule(|call, graph| {
        (call.method == "POST").then(|| {
            assert!(call.body.windows(4).any(|bytes| bytes == [137, 80, 78, 71]));
            let messages = &mut graph.threads.get_mut("t_1").unwrap().2;
            messages.insert(
                0,
                json!({"id": "m_pic", "created_time": time(NOON + 2), "from": {"id": PAGE}, "attachments": {"data": [
                    {"name": "img", "mime_type": "image/png", "size": 99, "image_data": {"url": "https://x.fbcdn.net/1"}}]}}),
            );
            ok(&json!({"recipient_id": "71"}))
        })
    });
    let session = session(&fake);
    assert_eq!(session.perform(&RemoteOp::Send(out.clone())).await, Ok(Receipt::default()));
    assert_eq!(session.find_sent(&out, &[]).await.unwrap(), Some("m_pic".into()));
}

#[tokio::test(start_paused = true)]
async fn a_read_mark_is_sent_only_where_the_customer_may_see_it() {
    let fake = page();
    let session = session(&fake);
    let mark = |is_public| RemoteOp::MarkRead { conversation: "t_1".into(), up_to: "m_1".into(), is_public };
    session.perform(&mark(false)).await.unwrap();
    assert_eq!(fake.calls().len(), 0);
    session.perform(&mark(true)).await.unwrap();
    let calls = fake.calls();
    assert_eq!(calls[1].json(), json!({"recipient": {"id": "71"}, "sender_action": "mark_seen"}));
    let fault = session.perform(&RemoteOp::Accept { conversation: "t_1".into() }).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unsupported);
}
