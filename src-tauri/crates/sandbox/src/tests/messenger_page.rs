//! A Page with an app, for the tests of the numbered behaviours (the numbers are those of the simulator list the
//! platform was written from).

use serde_json::{Value, json};

use super::support::{ask, raw, world};
use crate::{Messenger, World};

pub(super) const GRAPH: &str = "https://graph.facebook.com/v25.0";
pub(super) const REDIRECT: &str = "https://bounce.example/cb";

pub(super) struct Shop {
    pub world: World,
    pub meta: Messenger,
    pub app: String,
    pub secret: String,
    pub user: String,
    pub page: String,
    pub token: String,
    pub ada: String,
}

/// A Page with one customer, Ada, who has not written yet.
pub(super) fn shop() -> Shop {
    let world = world();
    let meta = world.messenger();
    let (app, secret) = meta.create_app("Shop inbox", &[REDIRECT]);
    let user = meta.create_user("Jo Owner");
    let page = meta.create_page(&user, "Shop", "Retail");
    let token = meta.page_token(&app, &user, &page);
    let ada = meta.create_customer(&page, "Ada", "Blum");
    Shop { world, meta, app, secret, user, page, token, ada }
}

impl Shop {
    pub async fn get(&self, path: &str) -> (u16, Value) {
        ask(&self.world, "GET", &format!("{GRAPH}/{path}"), &self.token, "").await
    }

    /// A read that must succeed.
    pub async fn read(&self, path: &str) -> Value {
        let (status, answer) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// A read that must be refused: `(code, subcode)`.
    pub async fn refused(&self, path: &str) -> (i64, i64) {
        refusal(&self.get(path).await)
    }

    pub async fn list(&self, rest: &str) -> Value {
        self.read(&format!("{}/conversations?platform=messenger{rest}", self.page)).await
    }

    pub async fn post(&self, body: &Value) -> (u16, Value) {
        let url = format!("{GRAPH}/{}/messages", self.page);
        ask(&self.world, "POST", &url, &self.token, &body.to_string()).await
    }

    pub async fn say(&self, text: &str) -> (u16, Value) {
        self.post(&json!({
            "recipient": { "id": self.ada }, "messaging_type": "RESPONSE", "message": { "text": text },
        }))
        .await
    }

    pub async fn say_raw(&self, text: &str) -> std::io::Result<http::Response<bytes::Bytes>> {
        let body = json!({ "recipient": { "id": self.ada }, "message": { "text": text } });
        raw(&self.world, "POST", &format!("{GRAPH}/{}/messages", self.page), &self.token, &body.to_string())
            .await
    }

    pub fn thread(&self) -> String {
        self.meta.thread_of(&self.ada).unwrap()
    }
}

pub(super) fn refusal((status, answer): &(u16, Value)) -> (i64, i64) {
    assert!(*status >= 400, "{answer}");
    let error = &answer["error"];
    (error["code"].as_i64().unwrap_or_default(), error["error_subcode"].as_i64().unwrap_or_default())
}

pub(super) fn ids(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}
