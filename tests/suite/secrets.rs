//! Nothing secret and nothing anybody wrote is in a log line, in an error, or in the clear on the disk.

use crate::support::{BRAND, MATRIX_HOST, Office};
use api::ApiError;
use api::types::conversation::MessageView;
use sandbox::{Attachment, Consent, Match, Media, Mishap, RetryAfter, TokenState};
use serde_json::{Value, json};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use store::vault::KeychainError;
use tracing_subscriber::fmt::MakeWriter;

/// In every canary, so that one search finds them all.
const CANARY: &str = "canary7";
const PASSPHRASE: &str = "canary7 battery staple";
const MATRIX_PASSWORD: &str = "canary7-matrix-password";
/// `%PDF-1.4 canary7-file-bytes`, as the UI hands pieces over.
const FILE_BASE64: &str = "JVBERi0xLjQgY2FuYXJ5Ny1maWxlLWJ5dGVz";

/// Where every log line of a test ends up.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Runs in simulated time with every log line kept, also those of the threads that write to the disk.
fn logged<T>(scene: impl Future<Output = T>) -> (T, String) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    let dispatch = tracing::Dispatch::new(subscriber.with_writer(log.clone()).finish());
    // Where there is only one subscriber, `tracing` asks the thread that first comes by a line whether it is wanted: a test
    // beside us, which wants none, would switch it off for all. With two it asks both.
    let _second = tracing::Dispatch::new(tracing_subscriber::fmt().with_writer(std::io::sink).finish());
    let of_threads = dispatch.clone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        // For as long as the thread lives.
        .on_thread_start(move || std::mem::forget(tracing::dispatcher::set_default(&of_threads)))
        .build()
        .unwrap();
    let answer = tracing::dispatcher::with_default(&dispatch, || runtime.block_on(scene));
    drop(runtime);
    let lines = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    (answer, lines)
}

/// What is secret beside the canaries: what the platforms made up.
#[derive(Default)]
struct Found {
    secrets: Vec<String>,
    errors: Vec<ApiError>,
}

impl Found {
    /// A call that may fail; how it fails is kept.
    async fn call(&mut self, office: &Office, name: &str, arguments: Value) -> Option<Value> {
        office.app.call(name, arguments).await.map_err(|error| self.errors.push(error)).ok()
    }

    async fn step(&mut self, office: &Office, flow: &Value, input: Value) -> Option<Value> {
        self.call(office, "login_next", json!({ "flow": flow, "input": input })).await
    }
}

/// Everything at once: two platforms, every way to sign in, words and files both ways, trouble of every kind.
async fn a_day_full_of_secrets(found: &mut Found) -> Office {
    let office = Office::open(77).await;
    office.keychain.fail(Some(KeychainError::Missing));
    let _: Value = office.call("profile_protect", json!({ "passphrase": PASSPHRASE })).await;
    let ada = matrix_account(&office, found).await;
    pages(&office, found).await;
    converse(&office, found, "Ada canary7-name").await;
    trouble(&office, found, &ada).await;
    let office = office.crash_and_restart().await;
    found.call(&office, "profile_unlock", json!({ "passphrase": "canary7 wrong passphrase" })).await;
    let _: Value = office.call("profile_unlock", json!({ "passphrase": PASSPHRASE })).await;
    office.pass(400).await;
    office
}

async fn matrix_account(office: &Office, found: &mut Found) -> (String, String) {
    let matrix = office.matrix();
    matrix.create_user("brand", MATRIX_PASSWORD, "Brand");
    let ada = matrix.create_user("ada", "pw", "Ada canary7-name");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.write(&room, &ada, "canary7-inbound");
    let first = matrix.write(&room, &ada, "canary7-before-the-edit");
    matrix.edit(&room, &ada, &first, "canary7-after-the-edit");
    let gone = matrix.write(&room, &ada, "canary7-deleted");
    matrix.redact(&room, &ada, &gone);
    matrix.send_media(&room, &ada, Media::of("canary7.pdf", "application/pdf", "%PDF canary7-picture"), None);
    for password in ["canary7-wrong-password", MATRIX_PASSWORD] {
        let fields =
            json!({ "server": format!("https://{MATRIX_HOST}"), "user": "brand", "password": password });
        let start = json!({ "platform": "matrix", "method": "password" });
        let flow = found.call(office, "login_start", start).await.unwrap()["flow"].clone();
        found.step(office, &flow, json!({ "kind": "fields", "values": fields })).await;
    }
    office.settle().await;
    matrix.expire_tokens(BRAND, false);
    office.pass(60).await;
    (room, ada)
}

/// One Page by a pasted token, one by the customer's own app.
async fn pages(office: &Office, found: &mut Found) {
    let messenger = office.messenger();
    let paste_page = "https://www.facebook.com/connect/login_success.html";
    let (app, secret) = messenger.create_app("Shop inbox", &[paste_page]);
    let owner = messenger.create_user("Owner");
    let page = messenger.create_page(&owner, "Shop", "Retail");
    let second = messenger.create_page(&owner, "Second shop", "Retail");
    let ben = messenger.create_customer(&page, "Ben", "canary7-family");
    messenger.write(&ben, "canary7-to-the-page");
    messenger.send(
        &ben,
        Attachment::File(Media::of("canary7.pdf", "application/pdf", "%PDF canary7-x")),
        None,
    );
    let token = messenger.page_token(&app, &owner, &page);
    found.secrets.extend([token.clone(), secret.clone()]);
    for pasted in ["EAAcanary7notthisone", &token] {
        let start = json!({ "platform": "messenger", "method": "token" });
        let flow = found.call(office, "login_start", start).await.unwrap()["flow"].clone();
        let fields = json!({ "token": pasted, "app_secret": secret });
        found.step(office, &flow, json!({ "kind": "fields", "values": fields })).await;
        found.step(office, &flow, json!({ "kind": "chosen", "ids": [page] })).await;
    }
    let start = json!({ "platform": "messenger", "method": "own_app" });
    let flow = found.call(office, "login_start", start).await.unwrap()["flow"].clone();
    let fields = json!({ "app_id": app, "app_secret": secret, "bounce": "" });
    let browse = found.step(office, &flow, json!({ "kind": "fields", "values": fields })).await.unwrap();
    let url = browse["step"]["url"].as_str().unwrap();
    let landed = messenger.decide(url, &owner, &Consent::Allow).unwrap();
    let code = landed.split("code=").nth(1).and_then(|rest| rest.split(['&', '#']).next()).unwrap();
    let state = landed.split("state=").nth(1).and_then(|rest| rest.split(['&', '#']).next()).unwrap();
    found.secrets.extend([code.to_owned(), state.to_owned()]);
    found
        .step(office, &flow, json!({ "kind": "pasted", "text": landed.replace(state, "canary7state") }))
        .await;
    found.step(office, &flow, json!({ "kind": "pasted", "text": landed })).await;
    found.step(office, &flow, json!({ "kind": "chosen", "ids": [second] })).await;
    office.pass(60).await;
    renew(office, found).await;
    messenger.set_token_state(&token, TokenState::PasswordChanged);
    office.pass(120).await;
    let proofs = office.world.requests().into_iter().filter_map(|asked| {
        let proof = asked.query.split("appsecret_proof=").nth(1)?.split('&').next()?.to_owned();
        Some(proof)
    });
    found.secrets.extend(proofs);
}

/// Every token ends tomorrow: what can be renewed is.
async fn renew(office: &Office, found: &mut Found) {
    let messenger = office.messenger();
    let before = messenger.issued_tokens();
    before.iter().for_each(|token| messenger.expire_token_in(token, 86_400));
    for account in office.accounts().await {
        found.call(office, "account_sync", json!({ "account": account.id })).await;
    }
    office.pass(60).await;
    assert!(messenger.issued_tokens().len() > before.len(), "one was renewed");
    found.secrets.extend(messenger.issued_tokens());
}

async fn converse(office: &Office, found: &mut Found, title: &str) {
    let conversation = office.conversation(title).await;
    let draft = json!({ "conversation": conversation, "body": "canary7-draft", "files": [] });
    found.call(office, "draft_save", draft).await;
    let begin = json!({ "conversation": conversation, "name": "canary7-out.pdf", "sizeBytes": 27, "mime": "application/pdf" });
    let upload = found.call(office, "file_begin", begin).await.unwrap();
    let piece = json!({ "upload": upload["upload"], "base64": FILE_BASE64 });
    found.call(office, "file_append", piece).await.unwrap();
    let file = found.call(office, "file_finish", upload).await.unwrap();
    for (body, files) in
        [("canary7-reply", json!([file])), ("canary7-taken-back", json!([])), ("canary7-long", json!([]))]
    {
        let body = if body == "canary7-long" { body.repeat(4000) } else { body.to_owned() };
        let intent = json!({ "kind": "reply", "conversation": conversation, "body": body, "files": files, "replyTo": null });
        let applied = found.call(office, "inbox_act", intent).await;
        if body == "canary7-taken-back" {
            found.call(office, "inbox_undo", json!({ "action": applied.unwrap()["action"] })).await.unwrap();
        }
    }
    office.pass(10).await;
    found.call(office, "search", json!({ "text": "canary7-inbound", "limit": 10 })).await.unwrap();
    for message in office.messages(conversation).await as Vec<MessageView> {
        for file in message.attachments {
            found.call(office, "attachment_save", json!({ "attachment": file.id })).await.unwrap();
        }
    }
}

async fn trouble(office: &Office, found: &mut Found, (room, ada): &(String, String)) {
    let conversation = office.conversation("Ada canary7-name").await;
    let sends = || Match::any().method("PUT").path("/send/");
    for mishap in [
        Mishap::LoseAnswer { kind: ErrorKind::TimedOut },
        Mishap::Throttle(RetryAfter::Seconds(3)),
        Mishap::AcceptThenBody("{\"canary7-broken\": ".into()),
        Mishap::Answer {
            status: 403,
            mime: "application/json".into(),
            body: r#"{"errcode":"M_FORBIDDEN","error":"canary7-said-the-server"}"#.into(),
        },
    ] {
        office.world.arrange(sends(), mishap, 1);
        let intent = json!({ "kind": "reply", "conversation": conversation, "body": "canary7-in-trouble", "files": [], "replyTo": null });
        found.call(office, "inbox_act", intent).await;
        office.pass(60).await;
    }
    for body in [
        "{\"canary7\": [",
        "<html>canary7-portal</html>",
        r#"{"next_batch":"s1","rooms":{"join":{"canary7":7}}}"#,
    ] {
        office.world.arrange(Match::any().path("/sync"), Mishap::AcceptThenBody(body.into()), 1);
        office.matrix().write(room, ada, "canary7-wakes-the-poll");
        office.pass(90).await;
    }
    let strange = json!({ "msgtype": "org.canary7.kind", "body": ["canary7-shape"], "url": 7 });
    office.matrix().send_event(room, ada, "m.room.message", strange);
    office.matrix().send_event(room, ada, "org.canary7.event", json!({ "canary7": "canary7" }));
    for call in ["inbox_act", "login_next", "search", "nothing_like_this"] {
        found.call(office, call, json!({ "canary7": "canary7-argument" })).await;
    }
    office.pass(60).await;
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push((path.display().to_string(), std::fs::read(&path).unwrap())),
        }
    }
    found
}

/// A text as it might lie in bytes: as it is, in two bytes a letter, in hexadecimal digits.
fn is_in(bytes: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    [text.as_bytes(), &wide, hex.as_bytes()]
        .iter()
        .any(|form| bytes.windows(form.len()).any(|window| window == *form))
}

#[test]
fn no_secret_and_no_message_is_in_a_log_an_error_or_a_file() {
    let mut found = Found::default();
    let (on_disk, log) = logged(async {
        let office = a_day_full_of_secrets(&mut found).await;
        let while_open = files(office.dir.path());
        office.app.shut_down().await;
        [while_open, files(office.dir.path())].concat()
    });
    let secrets: Vec<&str> = found
        .secrets
        .iter()
        .map(String::as_str)
        .chain([CANARY, FILE_BASE64, "syt_", "syr_", "/send/m.room"])
        .collect();
    assert!(
        found.secrets.len() > 5 && found.secrets.iter().all(|secret| secret.len() > 8),
        "{:?}",
        found.secrets
    );
    for line in log.lines() {
        let leaked = secrets.iter().find(|secret| line.contains(**secret));
        assert_eq!(leaked, None, "in the log: {line}");
    }
    for known in
        ["answered", "a send failed", "a sign-in step failed", "could not be understood", "a pull failed"]
    {
        assert!(log.contains(known), "the log was really kept and the trouble really happened: {known}");
    }
    assert!(found.errors.len() >= 8, "{:?}", found.errors);
    for error in &found.errors {
        let text = format!("{error:?} {error} {}", serde_json::to_string(error).unwrap());
        assert!(!secrets.iter().any(|secret| text.contains(secret)), "{text}");
    }
    for part in ["kontor.db", "kontor.db-wal", "key.json", "media"] {
        assert!(
            on_disk.iter().any(|(path, bytes)| path.contains(part) && !bytes.is_empty()),
            "{part} was looked at"
        );
    }
    for (path, bytes) in &on_disk {
        let leaked = secrets.iter().find(|secret| is_in(bytes, secret));
        assert_eq!(leaked, None, "in {path}");
    }
}

#[test]
fn a_secret_that_leaked_would_be_found() {
    let ((), log) = logged(async {
        tracing::trace!(token = "canary7-on-this-thread");
        #[allow(clippy::disallowed_methods)]
        tokio::task::spawn_blocking(|| tracing::trace!("canary7-on-another")).await.unwrap();
    });
    assert!(log.contains("canary7-on-this-thread") && log.contains("canary7-on-another"));
    let wide: Vec<u8> = "xxcanary7".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [b"..canary7..".as_slice(), &wide, b"63616e61727937"] {
        assert!(is_in(bytes, CANARY));
    }
}
