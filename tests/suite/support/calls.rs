//! The calls of the UI, typed: tests use nothing else.

use super::office::{MATRIX_HOST, Office};
use api::types::account::AccountRow;
use api::types::conversation::{ConversationView, MessageView};
use api::types::inbox::{Applied, InboxPage, InboxRow};
use api::types::login::{LoginStepView, LoginView};
use api::{ApiError, ErrorCode};
use model::{ConversationId, MessageId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

impl Office {
    pub async fn call<T: DeserializeOwned>(&self, name: &str, arguments: Value) -> T {
        let answer = self.app.call(name, arguments).await;
        serde_json::from_value(answer.unwrap_or_else(|error| panic!("{name}: {error}"))).unwrap()
    }

    pub async fn refused(&self, name: &str, arguments: Value) -> ApiError {
        self.app.call(name, arguments).await.expect_err(name)
    }

    /// Prepares a kept profile and signs a Matrix account in, as a person would.
    pub async fn connect_matrix(&self, user: &str, password: &str) -> LoginStepView {
        let _: Value = self.call("profile_prepare", json!({})).await;
        let view = self.sign_in("matrix", "password", matrix_fields(user, password)).await;
        view.unwrap().step
    }

    /// Signs a Messenger Page in by a pasted token.
    pub async fn connect_page(&self, token: &str, app_secret: &str) -> LoginStepView {
        let _: Value = self.call("profile_prepare", json!({})).await;
        let fields = json!({ "token": token, "app_secret": app_secret });
        let view = self.sign_in("messenger", "token", fields).await.unwrap();
        let LoginStepView::Choose { choices } = &view.step else { return view.step };
        let ids: Vec<&str> =
            choices.iter().filter(|one| one.is_possible).map(|one| one.id.as_str()).collect();
        let answer = json!({ "flow": view.flow, "input": { "kind": "chosen", "ids": ids } });
        self.call::<LoginView>("login_next", answer).await.step
    }

    pub async fn sign_in(&self, platform: &str, method: &str, fields: Value) -> Result<LoginView, ApiError> {
        let view: LoginView =
            self.call("login_start", json!({ "platform": platform, "method": method })).await;
        let answer = json!({ "flow": view.flow, "input": { "kind": "fields", "values": fields } });
        Ok(serde_json::from_value(self.app.call("login_next", answer).await?).unwrap())
    }

    pub async fn accounts(&self) -> Vec<AccountRow> {
        self.call("accounts_list", json!({})).await
    }

    pub async fn inbox(&self, view: &str) -> Vec<InboxRow> {
        self.call::<InboxPage>("inbox_list", json!({ "view": view, "limit": 200 })).await.rows
    }

    /// The one conversation with this title.
    pub async fn conversation(&self, title: &str) -> ConversationId {
        let rows = self.inbox("all").await;
        let found: Vec<&InboxRow> = rows.iter().filter(|row| row.title == title).collect();
        let titles: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
        assert_eq!(found.len(), 1, "conversations with {title} among {titles:?}");
        found[0].id
    }

    pub async fn head(&self, conversation: ConversationId) -> ConversationView {
        self.call("conversation_open", json!({ "conversation": conversation })).await
    }

    pub async fn messages(&self, conversation: ConversationId) -> Vec<MessageView> {
        let query = json!({ "conversation": conversation, "limit": 200 });
        self.call::<api::types::conversation::MessagePage>("conversation_messages", query).await.messages
    }

    pub async fn texts(&self, conversation: ConversationId) -> Vec<String> {
        self.messages(conversation).await.into_iter().map(|message| message.body).collect()
    }

    pub async fn reply(&self, conversation: ConversationId, body: &str) -> Applied {
        let intent = json!({ "kind": "reply", "conversation": conversation, "body": body, "files": [], "replyTo": null });
        self.call("inbox_act", intent).await
    }

    pub async fn reply_refused(&self, conversation: ConversationId, body: &str) -> ErrorCode {
        let intent = json!({ "kind": "reply", "conversation": conversation, "body": body, "files": [], "replyTo": null });
        self.refused("inbox_act", intent).await.code
    }

    pub async fn act(&self, kind: &str, conversation: ConversationId) -> Applied {
        self.call("inbox_act", json!({ "kind": kind, "conversation": conversation })).await
    }

    pub async fn decide(&self, kind: &str, message: MessageId) -> Applied {
        self.call("inbox_act", json!({ "kind": kind, "message": message })).await
    }

    pub async fn set(&self, change: Value) {
        let mut settings: Value = self.call("settings_get", json!({})).await;
        settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let _: Value = self.call("settings_set", settings).await;
    }
}

pub fn matrix_fields(user: &str, password: &str) -> Value {
    json!({ "server": format!("https://{MATRIX_HOST}"), "user": user, "password": password })
}
