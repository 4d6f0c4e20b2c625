//! A clock, dice, a keeper and a homeserver for tests, and facts as lines that can be read.

use crate::matrix::Matrix;
use bytes::Bytes;
use connect::{
    Budget, Clock, Connector, Dice, Fault, Http, SecretKeeper, Secrets, Session, SessionParts, Transport,
};
use http::{Request, Response};
use model::account::{Account, AccountStatus};
use model::remote::{Author, ReadMark, RemoteEvent};
use model::{AccountId, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// Five minutes after the fixtures' first messages.
pub const NOW: Timestamp = Timestamp(1_795_444_800_000 + 300_000);
pub const ME: &str = "@brand:example.org";

pub struct Still;
impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn steady(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }
}
impl Dice for Still {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Keeps what it is given, or refuses to.
#[derive(Default)]
pub struct Kept {
    pub pairs: Mutex<Vec<String>>,
}
#[async_trait::async_trait]
impl SecretKeeper for Kept {
    async fn keep(&self, secrets: &Secrets) -> Result<(), Fault> {
        self.pairs.lock().unwrap().push(secrets["access_token"].expose_secret().to_owned());
        Ok(())
    }
}

/// What was asked of the server, as `METHOD path?query`, with the body and the token.
#[derive(Debug, Clone)]
pub struct Asked {
    pub line: String,
    pub token: String,
    pub body: Value,
}

pub type Log = Arc<Mutex<Vec<Asked>>>;

/// A way out to a server that is a function.
pub fn http(answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static) -> (Http, Log) {
    let log = Log::default();
    let asked = log.clone();
    let transport = Transport::direct(move |request: Request<Bytes>| {
        let uri = request.uri();
        let line = format!("{} {}", request.method(), uri.path_and_query().map_or("", |path| path.as_str()));
        let token =
            request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or("");
        let body = serde_json::from_slice(request.body()).unwrap_or_default();
        let entry = Asked { line, token: token.trim_start_matches("Bearer ").to_owned(), body };
        asked.lock().unwrap().push(entry.clone());
        let (status, text) = answer(&entry);
        async move {
            match status {
                0 => Err(std::io::ErrorKind::ConnectionRefused.into()),
                1 => Err(std::io::ErrorKind::ConnectionReset.into()),
                _ => {
                    let mut response = Response::builder().status(status);
                    if let Some(target) = text.strip_prefix("location ") {
                        response = response.header("location", target);
                        return Ok(response.body(Bytes::new()).unwrap());
                    }
                    Ok(response.body(Bytes::from(text)).unwrap())
                }
            }
        }
    });
    (Http::new(transport, Arc::new(Still), Budget::new(1000, 1000.0, NOW)), log)
}

pub fn account() -> Account {
    Account {
        id: AccountId::new(NOW, [0; 10]),
        platform: "matrix".into(),
        remote_id: ME.into(),
        name: "Acme".into(),
        config: r#"{"homeserver":"https://hs.example.org","device_id":"KONTOROLD"}"#.into(),
        status: AccountStatus::Live,
        settings: <_>::default(),
        verified_at: None,
        created_at: NOW,
    }
}

/// An open session on a server that is a function.
pub fn session(
    answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static,
) -> (Box<dyn Session>, Log, Arc<Kept>) {
    let (http, log) = http(answer);
    let keeper = Arc::new(Kept::default());
    let secret = |text: &str| SecretString::from(text.to_owned());
    let parts = SessionParts {
        account: account(),
        secrets: Secrets::from([
            ("access_token".into(), secret("old")),
            ("refresh_token".into(), secret("refresh-1")),
        ]),
        keeper: keeper.clone(),
        http,
        clock: Arc::new(Still),
        dice: Arc::new(Still),
    };
    (Matrix::new().open(parts).unwrap(), log, keeper)
}

/// Lines asked so far, without the query.
pub fn lines(log: &Log) -> Vec<String> {
    log.lock().unwrap().iter().map(|asked| asked.line.split('?').next().unwrap().to_owned()).collect()
}

/// A fact as one line.
pub fn line(event: &RemoteEvent) -> String {
    let who = |author: &Author| match author {
        Author::Us => "us".to_owned(),
        Author::Them(id) => id.to_string(),
    };
    let mark = |mark: &ReadMark| match mark {
        ReadMark::Message(id) => id.to_string(),
        ReadMark::Time(at) => format!("+{}", at.0 - 1_795_444_800_000),
    };
    match event {
        RemoteEvent::Contact(c) => {
            let avatar = c.avatar.as_ref().map_or("", |media| media.source.as_str());
            format!("contact {} {:?} {:?} {avatar}", c.remote_id, c.name, c.handle)
        }
        RemoteEvent::Conversation(c) => {
            let contact = c.contact.as_ref().map_or("nobody", |id| id.as_str());
            let network = c.network.as_deref().unwrap_or("-");
            let limits = c.limits.clone().unwrap_or_default();
            let text = limits.max_text.map_or(String::new(), |n| format!(" ≤{n}"));
            let file = limits.max_file_bytes.map_or(String::new(), |n| format!(" ≤{n} B"));
            let encrypted = if limits.is_encrypted { " encrypted" } else { "" };
            let closed = if limits.is_read_only { " read-only" } else { "" };
            format!(
                "conversation {} {:?} {:?} with {contact} on {network}{text}{file}{encrypted}{closed}",
                c.remote_id, c.kind, c.title
            )
        }
        RemoteEvent::Message(m) => {
            let mut line = format!("{} {} {:?} {:?}", m.remote_id, who(&m.author), m.kind, m.body);
            for file in &m.attachments {
                let source = file.media.as_ref().map_or("nowhere", |media| media.source.as_str());
                let link = file.link.as_deref().unwrap_or("");
                line += &format!(
                    " [{:?} {:?} {} {:?} {:?} {source}{link}]",
                    file.kind, file.name, file.mime, file.size_bytes, file.pixels
                );
            }
            line += &m.reply_to.as_ref().map_or(String::new(), |id| format!(" re {id}"));
            line += if m.op_id.is_some() { " ours" } else { "" };
            line += if m.is_deleted { " deleted" } else { "" };
            line + if m.is_history { "" } else { " new" }
        }
        RemoteEvent::Edit { message, author, body, revision, .. } => {
            format!("edit {message} by {} {body:?} {revision}", author.as_ref().map_or("?".into(), who))
        }
        RemoteEvent::Deletion { target, .. } => format!("delete {target}"),
        RemoteEvent::Reaction { message, author, key, remote_id, .. } => {
            format!("{key} on {message} by {} as {}", who(author), remote_id.as_ref().unwrap())
        }
        RemoteEvent::ReactionsNow { .. } => "reactions".into(),
        RemoteEvent::ReadByUs { up_to, .. } => format!("read by us {}", mark(up_to)),
        RemoteEvent::ReadByThem { up_to, .. } => format!("read by them {}", mark(up_to)),
        RemoteEvent::Left { conversation } => format!("left {conversation}"),
        RemoteEvent::Gap { conversation, before, is_hole } => {
            format!("gap {conversation} {} hole={is_hole}", before.as_deref().unwrap_or("-"))
        }
    }
}
