//! Operations → calls, against fixtures.

use super::inbound::fixture;
use super::support::{ME, NOW};
use crate::matrix::outbound::{add_direct, join, mark_read, send};
use crate::matrix::server::Call;
use model::OpId;
use model::remote::{Outgoing, OutgoingFile};
use serde_json::Value;

fn fixture(name: &str) -> Value {
    let all: Value = serde_json::from_str(fixture!("outbound.json")).unwrap();
    all[name].clone()
}

fn body(call: &Call) -> Value {
    serde_json::from_slice(&call.body.as_ref().unwrap().1).unwrap()
}

fn outgoing(body: &str) -> Outgoing {
    Outgoing {
        op_id: OpId::new(NOW, [1; 10]),
        conversation: "!r/1:example.org".into(),
        recipient: None,
        body: body.into(),
        file: None,
        reply_to: None,
        first_attempt_at: NOW,
    }
}

#[test]
fn a_text_goes_out_under_the_id_of_its_operation_and_pings_nobody() {
    let message = outgoing("Grüße & <b>Küsse</b>");
    let call = send(&message, None);
    assert_eq!(body(&call), fixture("text"));
    let path = "/_matrix/client/v3/rooms/%21r%2F1%3Aexample.org/send/m.room.message/";
    assert_eq!((call.method.as_str(), call.path), ("PUT", format!("{path}{}", message.op_id)));
}

#[test]
fn a_reply_names_its_message_and_repeats_none_of_it() {
    let message = Outgoing { reply_to: Some("$q/1".into()), ..outgoing("Ja") };
    assert_eq!(body(&send(&message, None)), fixture("reply"));
}

#[test]
fn a_file_goes_out_with_its_name_and_type() {
    let file = OutgoingFile {
        media: "m".into(),
        name: "Über uns.png".into(),
        mime: "image/png".into(),
        bytes: vec![1, 2, 3],
    };
    let message = Outgoing { file: Some(file), ..outgoing("") };
    assert_eq!(body(&send(&message, Some("mxc://example.org/up"))), fixture("file"));
}

#[test]
fn a_private_read_mark_is_shown_to_nobody() {
    assert_eq!(body(&mark_read("!r", "$e", true)), fixture("read_public"));
    assert_eq!(body(&mark_read("!r", "$e", false)), fixture("read_private"));
    assert_eq!(join("!r").path, "/_matrix/client/v3/rooms/%21r/join");
}

#[test]
fn listing_a_room_as_direct_keeps_all_else_in_the_list() {
    let before = || fixture("direct_before").as_object().unwrap().clone();
    let call = add_direct(ME, before(), "@anna:example.org", "!b").unwrap();
    assert_eq!(body(&call), fixture("direct_after"));
    assert!(add_direct(ME, before(), "@anna:example.org", "!a").is_none());
}
