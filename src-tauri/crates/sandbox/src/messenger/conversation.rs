//! Reading: a Page's conversations, one thread, a thread's messages, one message.

use serde_json::{Value, json};

use super::call::Call;
use super::cursor::Cursor;
use super::error::GraphError;
use super::fields::{self, Field};
use super::message;
use super::platform::{Page, Platform, Thread};
use super::shape::{Shape, check, pick};
use super::tokens::Grant;
use crate::wire;

/// What one read needs to know.
pub(crate) struct Reading<'a> {
    pub platform: &'a Platform,
    pub call: &'a Call,
    pub grant: &'a Grant,
}

fn asked(text: &str, default: &[&str], shape: Shape) -> Result<Vec<Field>, GraphError> {
    let fields = match text {
        "" => default.iter().map(|name| Field::named(name)).collect(),
        text => fields::parse(text)?,
    };
    check(&fields, shape)?;
    Ok(fields)
}

impl Reading<'_> {
    /// `GET /{page-id}/conversations`: newest first by cursor; `since` and `until` are ignored.
    pub fn list(&self, named: &str) -> Result<Value, GraphError> {
        let (page, page_id) = self.grant.page(self.platform, named, &self.call.method)?;
        self.permitted()?;
        let fields = asked(self.call.param("fields"), &["id", "updated_time"], Shape::Conversation)?;
        if self.call.param("platform") == "instagram" {
            return Ok(json!({ "data": [] }));
        }
        let user = self.call.param("user_id");
        if page.is_high_volume && user.is_empty() {
            return Err(
                GraphError::new(613, "(#613) The inbox of this Page is temporarily frozen").sub(2_534_040)
            );
        }
        let limit = self.call.limit();
        let expansion = fields.iter().find(|field| field.name == "messages");
        if expansion.is_some_and(|field| limit * messages_limit(field) > page.list_capacity) {
            return Err(GraphError::too_much());
        }
        let mut threads: Vec<(&String, &Thread, i64)> = self.threads(&page_id, user);
        threads.sort_by(|a, b| (b.2, b.0).cmp(&(a.2, a.0)));
        let start: usize = match self.call.param("after") {
            "" => 0,
            text => {
                Cursor::read(text, self.platform.cursor_age, self.call.now_ms)?.place.parse().unwrap_or(0)
            }
        };
        let shown = &threads[start.min(threads.len())..(start + limit).min(threads.len())];
        if expansion.is_some() && shown.iter().any(|(_, thread, _)| thread.is_poisoned) {
            return Err(poisoned());
        }
        let mut data = Vec::new();
        for (place, (id, thread, _)) in shown.iter().enumerate() {
            // A short page: something was filtered out after the page was cut.
            if !(page.has_short_pages && place % 3 == 2) {
                data.push(self.conversation(id, thread, &fields)?);
            }
        }
        if shown.is_empty() {
            return Ok(json!({ "data": [] }));
        }
        let end = start + shown.len();
        let mut paging = json!({ "cursors": { "before": self.cursor(&start.to_string()), "after": self.cursor(&end.to_string()) } });
        if end < threads.len() {
            let after = self.cursor(&end.to_string());
            paging["next"] = json!(self.next(
                &format!("{page_id}/conversations"),
                self.call.param("fields"),
                limit,
                &after
            ));
        }
        Ok(json!({ "data": data, "paging": paging }))
    }

    /// `GET /{thread-id}`.
    pub fn thread(&self, id: &str) -> Result<Value, GraphError> {
        let thread = self.own_thread(id)?;
        let fields = asked(self.call.param("fields"), &["id", "updated_time"], Shape::Conversation)?;
        if thread.is_poisoned && fields.iter().any(|field| field.name == "messages") {
            return Err(poisoned());
        }
        self.conversation(id, thread, &fields)
    }

    /// `GET /{thread-id}/messages`.
    pub fn messages(&self, id: &str) -> Result<Value, GraphError> {
        let thread = self.own_thread(id)?;
        if thread.is_poisoned {
            return Err(poisoned());
        }
        let fields = asked(self.call.param("fields"), &["id", "created_time"], Shape::Message)?;
        self.page_of_messages(
            id,
            thread,
            &fields,
            self.call.limit(),
            self.call.param("after"),
            self.call.param("fields"),
        )
    }

    /// `GET /{message-id}`.
    pub fn message(&self, id: &str) -> Result<Value, GraphError> {
        self.permitted()?;
        let gone = || GraphError::unsupported(&self.call.method, id);
        let (_, thread, held) = self.platform.find(id).ok_or_else(gone)?;
        self.grant.page(self.platform, &thread.page, &self.call.method).map_err(|_| gone())?;
        if held.visible_from_ms > self.call.now_ms || self.is_hidden(thread) {
            return Err(gone());
        }
        let fields = asked(self.call.param("fields"), &["id", "created_time"], Shape::Message)?;
        Ok(pick(&message::node(self.platform, thread, held, self.call.now_ms), &fields))
    }

    fn permitted(&self) -> Result<(), GraphError> {
        self.grant.needs("pages_messaging", 10)?;
        self.grant.needs_task(self.platform, "MESSAGING")
    }

    fn own_thread(&self, id: &str) -> Result<&Thread, GraphError> {
        self.permitted()?;
        let missing = || GraphError::unsupported(&self.call.method, id);
        let thread = self.platform.threads.get(id).ok_or_else(missing)?;
        self.grant.page(self.platform, &thread.page, &self.call.method).map_err(|_| missing())?;
        if self.is_hidden(thread) { Err(missing()) } else { Ok(thread) }
    }

    /// Without Advanced Access only people with a role on the app are shown.
    fn is_hidden(&self, thread: &Thread) -> bool {
        let is_advanced = self.platform.apps.get(&self.grant.token.app).is_some_and(|app| app.is_advanced);
        !is_advanced
            && !self.platform.customers.get(&thread.customer).is_some_and(|customer| customer.has_role)
    }

    fn threads(&self, page: &str, user: &str) -> Vec<(&String, &Thread, i64)> {
        let own = self.platform.threads.iter().filter(|(_, thread)| {
            thread.page == page && (user.is_empty() || thread.customer == user) && !self.is_hidden(thread)
        });
        own.filter_map(|(id, thread)| Some((id, thread, thread.updated_ms(self.call.now_ms)?))).collect()
    }

    fn conversation(&self, id: &str, thread: &Thread, fields: &[Field]) -> Result<Value, GraphError> {
        let now_ms = self.call.now_ms;
        let newest = thread.visible(now_ms).next();
        let people = [&thread.customer, &thread.page].map(|id| message::person(self.platform, id));
        let count = thread.visible(now_ms).count();
        let can_reply = thread.last_inbound_ms.is_some_and(|at_ms| now_ms - at_ms <= 86_400_000);
        let mut node = json!({
            "id": id,
            "participants": { "data": people },
            "senders": { "data": people },
            "message_count": count,
            "unread_count": thread.unread,
            "can_reply": can_reply && thread.refusing.is_none(),
            "link": format!("/{}/inbox/?selected_item_id={}", thread.page, thread.customer),
            "scoped_thread_key": id,
        });
        if let Some(newest) = newest {
            node["updated_time"] = json!(wire::graph_time(newest.at_ms));
            if let Some(text) = &newest.text {
                node["snippet"] = json!(text.chars().take(80).collect::<String>());
            }
        }
        if let Some(field) = fields.iter().find(|field| field.name == "messages") {
            let defaults = ["id", "created_time"].map(Field::named).to_vec();
            let children = if field.children.is_empty() { &defaults } else { &field.children };
            let after = field.modifier("after").unwrap_or_default();
            let inner = within_braces(self.call.param("fields"));
            node["messages"] =
                self.page_of_messages(id, thread, children, messages_limit(field), after, inner)?;
        }
        // The messages are picked already.
        let outer: Vec<Field> = fields
            .iter()
            .map(|field| if field.name == "messages" { Field::named("messages") } else { field.clone() })
            .collect();
        Ok(pick(&node, &outer))
    }

    fn page_of_messages(
        &self,
        id: &str,
        thread: &Thread,
        fields: &[Field],
        limit: usize,
        after: &str,
        fields_text: &str,
    ) -> Result<Value, GraphError> {
        let now_ms = self.call.now_ms;
        let all: Vec<_> = thread.visible(now_ms).collect();
        let start = match after {
            "" => 0,
            text => {
                let cursor = Cursor::read(text, self.platform.cursor_age, now_ms)?;
                let place = all.iter().position(|message| message.id == cursor.place);
                // The message it pointed at was unsent.
                1 + place.ok_or_else(|| GraphError::invalid("(#100) Invalid cursor"))?
            }
        };
        let shown = &all[start..(start + limit).min(all.len())];
        let nodes: Vec<Value> = shown
            .iter()
            .map(|held| pick(&message::node(self.platform, thread, held, now_ms), fields))
            .collect();
        let (Some(first), Some(last)) = (shown.first(), shown.last()) else {
            return Ok(json!({ "data": [] }));
        };
        let after = self.cursor(&last.id);
        let mut paging = json!({ "cursors": { "before": self.cursor(&first.id), "after": after } });
        if start + shown.len() < all.len() {
            paging["next"] = json!(self.next(&format!("{id}/messages"), fields_text, limit, &after));
        }
        Ok(json!({ "data": nodes, "paging": paging }))
    }

    fn cursor(&self, place: &str) -> String {
        Cursor { place: place.to_owned(), age: self.platform.cursor_age, issued_ms: self.call.now_ms }.text()
    }

    fn next(&self, path: &str, fields: &str, limit: usize, after: &str) -> String {
        let mut address =
            format!("https://graph.facebook.com/{}/{path}?limit={limit}&after={after}", self.call.version);
        if !fields.is_empty() {
            address += &format!("&fields={}", wire::encode(fields));
        }
        if path.ends_with("conversations") {
            for name in ["platform", "user_id"] {
                if let Some(value) = self.call.params.get(name) {
                    address += &format!("&{name}={}", wire::encode(value));
                }
            }
        }
        format!("{address}&access_token={}", self.grant.text)
    }
}

fn messages_limit(field: &Field) -> usize {
    field.modifier("limit").and_then(|text| text.parse().ok()).unwrap_or(25).clamp(1, 100)
}

fn poisoned() -> GraphError {
    GraphError::new(1, "An unknown error occurred")
}

/// The sub-fields of `messages` in a field text, for the address of its next page.
fn within_braces(fields: &str) -> &str {
    let Some(start) = fields.find("messages").and_then(|at| Some(at + fields[at..].find('{')? + 1)) else {
        return "";
    };
    let mut depth = 1;
    for (place, c) in fields[start..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &fields[start..start + place];
        }
    }
    ""
}

impl Page {
    pub fn new(name: &str, category: &str) -> Page {
        Page {
            name: name.to_owned(),
            category: category.to_owned(),
            instagram: None,
            refusing: None,
            lag_ms: 0,
            has_short_pages: false,
            is_high_volume: false,
            fails_reactions: false,
            sends_no_usage: false,
            engaged: None,
            recent: std::collections::VecDeque::new(),
            calls: std::collections::VecDeque::new(),
            parked_until_ms: 0,
            list_capacity: 2_000,
        }
    }
}
