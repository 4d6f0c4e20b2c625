//! A Page's side of the Graph API, as small as the tests need it.

use crate::messenger::{ACCESS_TOKEN, APP_SECRET, Endpoints, Messenger};
use bytes::Bytes;
use connect::{
    Clock, Connector, Dice, Fault, Http, LoginParts, SecretKeeper, Secrets, Session, SessionParts, Transport,
};
use http::{Request, Response};
use model::account::{Account, AccountSettings, AccountStatus};
use model::{AccountId, PlatformId, Timestamp};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::time::Instant;
use url::Url;

pub const PAGE: &str = "101";
/// 2026-11-20T10:00:00Z.
pub const NOON: i64 = 1_795_168_800;

/// The clock of the machine; runs with tokio's simulated time.
pub struct SimulatedClock(pub Instant);

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        Timestamp(NOON * 1000 + i64::try_from(self.0.elapsed().as_millis()).unwrap())
    }

    fn steady(&self) -> std::time::Duration {
        self.0.elapsed()
    }
}

pub struct Zeros;

impl Dice for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

pub struct NoKeeper;

#[async_trait::async_trait]
impl SecretKeeper for NoKeeper {
    async fn keep(&self, _: &Secrets) -> Result<(), Fault> {
        Ok(())
    }
}

pub type Answer = std::io::Result<Response<Bytes>>;
type Rule = Box<dyn FnMut(&Call, &mut Graph) -> Option<Answer> + Send>;

/// One request as the fake sees it.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: String,
    pub url: Url,
    pub query: HashMap<String, String>,
    pub bearer: String,
    pub body: Bytes,
}

impl Call {
    /// The path below the version.
    pub fn path(&self) -> &str {
        self.url.path().trim_start_matches("/v25.0/")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

#[derive(Default)]
pub struct Graph {
    /// Thread → (customer, `updated_time` in seconds, messages newest first).
    pub threads: HashMap<String, (String, i64, Vec<Value>)>,
    pub calls: Vec<Call>,
    pub headers: Vec<(&'static str, String)>,
    rule: Option<Rule>,
}

/// The fake, shared with the transport.
#[derive(Clone, Default)]
pub struct Fake(pub Arc<Mutex<Graph>>);

pub fn ok(value: &Value) -> Answer {
    answer(200, value.to_string())
}

pub fn answer(status: u16, body: impl Into<Bytes>) -> Answer {
    Ok(Response::builder().status(status).body(body.into()).unwrap())
}

pub fn error(status: u16, code: i64, subcode: i64, message: &str) -> Answer {
    let error = json!({"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode});
    answer(status, json!({ "error": error }).to_string())
}

pub fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

impl Fake {
    /// Adds a message of the customer (or of the Page) at a second; the thread rises to the top.
    pub fn say(&self, thread: &str, id: &str, from_us: bool, text: &str, at: i64) {
        let mut graph = self.0.lock().unwrap();
        let customer = format!("7{}", thread.trim_start_matches("t_"));
        let entry = graph.threads.entry(thread.into()).or_insert((customer.clone(), at, Vec::new()));
        let from = if from_us { PAGE } else { &customer };
        entry.2.insert(0, json!({"id": id, "created_time": time(at), "from": {"id": from}, "message": text}));
        entry.1 = at;
    }

    /// Changes a message without any signal in the list.
    pub fn change(&self, thread: &str, id: &str, change: impl FnOnce(&mut Value)) {
        let mut graph = self.0.lock().unwrap();
        let messages = &mut graph.threads.get_mut(thread).unwrap().2;
        change(messages.iter_mut().find(|message| message["id"] == id).unwrap());
    }

    pub fn unsend(&self, thread: &str, id: &str) {
        self.0.lock().unwrap().threads.get_mut(thread).unwrap().2.retain(|message| message["id"] != id);
    }

    /// Asks this first; `None` goes on to the ordinary answer.
    pub fn rule(&self, rule: impl FnMut(&Call, &mut Graph) -> Option<Answer> + Send + 'static) {
        self.0.lock().unwrap().rule = Some(Box::new(rule));
    }

    pub fn no_rule(&self) {
        self.0.lock().unwrap().rule = None;
    }

    pub fn header(&self, name: &'static str, value: impl Into<String>) {
        self.0.lock().unwrap().headers = vec![(name, value.into())];
    }

    /// Paths asked for since the last time.
    pub fn paths(&self) -> Vec<String> {
        let calls = std::mem::take(&mut self.0.lock().unwrap().calls);
        calls.iter().map(|call| format!("{} {}", call.method, call.path())).collect()
    }

    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.0.lock().unwrap().calls)
    }

    pub fn transport(&self) -> Transport {
        let fake = self.clone();
        Transport::direct(move |request| {
            let answer = fake.answer(request);
            async move { answer }
        })
    }

    fn answer(&self, request: Request<Bytes>) -> Answer {
        let url = Url::parse(&request.uri().to_string()).unwrap();
        let bearer = request.headers().get("authorization").map_or("", |value| value.to_str().unwrap());
        let call = Call {
            method: request.method().to_string(),
            query: url.query_pairs().into_owned().collect(),
            bearer: bearer.to_owned(),
            body: request.body().clone(),
            url,
        };
        let mut graph = self.0.lock().unwrap();
        graph.calls.push(call.clone());
        let mut rule = graph.rule.take();
        let special = rule.as_mut().and_then(|rule| rule(&call, &mut graph));
        graph.rule = rule;
        let mut answer = special.unwrap_or_else(|| graph.ordinary(&call));
        if let Ok(answer) = &mut answer {
            for (name, value) in &graph.headers {
                answer.headers_mut().insert(*name, value.parse().unwrap());
            }
        }
        answer
    }
}

fn page(mut values: Vec<Value>, query: &HashMap<String, String>) -> Value {
    let limit: usize = query.get("limit").map_or(25, |limit| limit.parse().unwrap());
    let from: usize = query.get("after").map_or(0, |after| after.parse().unwrap());
    let total = values.len();
    values = values.into_iter().skip(from).take(limit).collect();
    let to = from + values.len();
    let mut paging = json!({"cursors": {"before": from.to_string(), "after": to.to_string()}});
    if to < total {
        paging["next"] = json!(format!("https://graph.facebook.com/next?after={to}"));
    }
    json!({ "data": values, "paging": paging })
}

impl Graph {
    /// What the documents say of a healthy Page.
    pub fn ordinary(&mut self, call: &Call) -> Answer {
        let segments: Vec<&str> = call.path().split('/').collect();
        match (call.method.as_str(), &segments[..]) {
            ("GET", [PAGE, "conversations"]) => {
                let fields = &call.query["fields"];
                let shown =
                    fields.split_once("messages.limit(").map(|(_, rest)| rest.split(')').next().unwrap());
                let mut threads: Vec<_> = self
                    .threads
                    .iter()
                    .filter(|(_, (customer, ..))| call.query.get("user_id").is_none_or(|id| id == customer))
                    .collect();
                threads.sort_by(|a, b| (b.1.1, b.0).cmp(&(a.1.1, a.0)));
                let threads = threads.into_iter().map(|(id, (customer, updated, messages))| {
                    let people =
                        json!([{"id": customer, "name": format!("Customer {customer}")}, {"id": PAGE}]);
                    let mut thread =
                        json!({"id": id, "updated_time": time(*updated), "participants": {"data": people}});
                    if let Some(shown) = shown {
                        let query = HashMap::from([("limit".to_owned(), shown.to_owned())]);
                        thread["messages"] = page(messages.clone(), &query);
                    }
                    thread
                });
                ok(&page(threads.collect(), &call.query))
            }
            ("GET", [thread, "messages"]) => match self.threads.get(*thread) {
                Some((_, _, messages)) => ok(&page(messages.clone(), &call.query)),
                None => error(400, 100, 33, "Unsupported get request."),
            },
            ("GET", [id]) => {
                if let Some((customer, ..)) = self.threads.get(*id) {
                    let people = json!({"data": [{"id": PAGE}, {"id": customer}]});
                    return ok(&json!({"id": id, "participants": people}));
                }
                let mut messages = self.threads.values().flat_map(|(_, _, messages)| messages);
                match messages.find(|message| message["id"] == *id) {
                    Some(message) => ok(message),
                    None => error(400, 100, 33, "Unsupported get request."),
                }
            }
            ("POST", [PAGE, "messages"]) => {
                let sent = call.json();
                let customer = sent["recipient"]["id"].as_str().unwrap_or_default().to_owned();
                let thread = format!("t_{}", &customer[1..]);
                let Some(text) = sent["message"]["text"].as_str() else {
                    return ok(&json!({ "recipient_id": customer }));
                };
                let (_, updated, messages) = self.threads.get_mut(&thread).unwrap();
                let id = format!("m_sent{}", messages.len());
                *updated = NOON + 1;
                let message =
                    json!({"id": id, "created_time": time(NOON + 1), "from": {"id": PAGE}, "message": text});
                messages.insert(0, message);
                ok(&json!({"recipient_id": customer, "message_id": id}))
            }
            _ => error(400, 2500, 0, "Unknown path components"),
        }
    }
}

pub fn account(remote_id: &str) -> Account {
    Account {
        id: AccountId::new(Timestamp(0), [1; 10]),
        platform: PlatformId::from("messenger"),
        remote_id: remote_id.into(),
        name: "Kerzenwerk".into(),
        config: r#"{"app_id":"4242","bounce":"https://shop.example/kontor/"}"#.into(),
        status: AccountStatus::Live,
        settings: AccountSettings::default(),
        verified_at: None,
        created_at: Timestamp(0),
    }
}

fn connector() -> Messenger {
    Messenger::new(Endpoints { media_hosts: vec!["media.test".into()], ..Endpoints::default() })
}

/// A session of the Page; the app secret is known.
pub fn session(fake: &Fake) -> Box<dyn Session> {
    let secrets = Secrets::from([
        (ACCESS_TOKEN.to_owned(), "EAApage".to_owned().into()),
        (APP_SECRET.to_owned(), "s3cret".to_owned().into()),
    ]);
    session_with(fake, account(PAGE), secrets, Arc::new(NoKeeper))
}

/// A session with these secrets, and a place where renewed ones go.
pub fn session_with(
    fake: &Fake,
    account: Account,
    secrets: Secrets,
    keeper: Arc<dyn SecretKeeper>,
) -> Box<dyn Session> {
    let clock = Arc::new(SimulatedClock(Instant::now()));
    let budget = connector().budget(clock.now());
    let parts = SessionParts {
        account,
        secrets,
        keeper,
        http: Http::new(fake.transport(), clock.clone(), budget),
        clock,
        dice: Arc::new(Zeros),
    };
    connector().open(parts).unwrap()
}

/// A sign-in by one of the methods.
pub fn login(fake: &Fake, method: &str, again: Option<Account>) -> Box<dyn connect::Login> {
    let clock = Arc::new(SimulatedClock(Instant::now()));
    let budget = connector().budget(clock.now());
    let http = Http::new(fake.transport(), clock.clone(), budget);
    connector().login(method, LoginParts { http, clock, dice: Arc::new(Zeros), again }).unwrap()
}
