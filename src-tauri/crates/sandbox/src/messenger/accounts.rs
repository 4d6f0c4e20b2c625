//! `/me`, `/me/accounts` and Page nodes.

use serde_json::{Value, json};

use super::call::Call;
use super::cursor::Cursor;
use super::error::GraphError;
use super::fields::{self, Field};
use super::oauth::page_token;
use super::platform::{Owner, Platform};
use super::shape::{Shape, check, pick};
use super::tokens::Grant;

fn wanted(call: &Call, default: &[&str], shape: Shape) -> Result<Vec<Field>, GraphError> {
    let fields = match call.param("fields") {
        "" => default.iter().map(|name| Field::named(name)).collect(),
        text => fields::parse(text)?,
    };
    check(&fields, shape)?;
    Ok(fields)
}

/// `GET /me`: the user, or the Page when it is a Page's token.
pub(crate) fn me(platform: &mut Platform, call: &Call, grant: &Grant) -> Result<Value, GraphError> {
    match grant.token.owner.clone() {
        Owner::Page { page, .. } => self::page(platform, call, grant, &page),
        Owner::User(user) => {
            let fields = wanted(call, &["id", "name"], Shape::User)?;
            let name = platform.users.get(&user).map(|user| user.name.clone());
            Ok(pick(&json!({ "id": user, "name": name }), &fields))
        }
    }
}

/// `GET /me/accounts`: the user's Pages with their tokens, a cursor between pages of the list.
pub(crate) fn list(platform: &mut Platform, call: &Call, grant: &Grant) -> Result<Value, GraphError> {
    let Owner::User(user) = grant.token.owner.clone() else {
        return Err(GraphError::invalid(
            "(#100) Tried accessing nonexisting field (accounts) on node type (Page)",
        ));
    };
    grant.needs("pages_show_list", 200)?;
    let fields = wanted(call, &["access_token", "category", "name", "id", "tasks"], Shape::Page)?;
    let held = platform.users.get(&user).filter(|user| user.lists_pages);
    let pages: Vec<String> =
        held.map(|user| user.pages.iter().map(|(id, _)| id.clone()).collect()).unwrap_or_default();
    let after = call.param("after");
    let start = match after {
        "" => 0,
        text => Cursor::read(text, platform.cursor_age, call.now_ms)?.place.parse().unwrap_or(0),
    };
    let limit = call.limit();
    let mut data = Vec::new();
    for page in pages.iter().skip(start).take(limit) {
        let node = node(platform, grant, page, &user, call.now_ms);
        data.push(pick(&node, &fields));
    }
    if data.is_empty() {
        return Ok(json!({ "data": [] }));
    }
    let end = start + data.len();
    let cursor = |place: usize| {
        Cursor { place: place.to_string(), age: platform.cursor_age, issued_ms: call.now_ms }.text()
    };
    let mut paging = json!({ "cursors": { "before": cursor(start), "after": cursor(end) } });
    if end < pages.len() {
        let next = format!(
            "https://graph.facebook.com/{}/me/accounts?fields={}&limit={limit}&after={}&access_token={}",
            call.version,
            crate::wire::encode(call.param("fields")),
            cursor(end),
            grant.text,
        );
        paging["next"] = json!(next);
    }
    Ok(json!({ "data": data, "paging": paging }))
}

/// `GET /{page-id}`: to the Page's own token, or to one of a user with a task on it.
pub(crate) fn page(
    platform: &mut Platform,
    call: &Call,
    grant: &Grant,
    id: &str,
) -> Result<Value, GraphError> {
    let user = match &grant.token.owner {
        Owner::Page { page, user } if page == id => user.clone(),
        Owner::User(user)
            if platform.users.get(user).is_some_and(|user| user.pages.iter().any(|(page, _)| page == id)) =>
        {
            user.clone()
        }
        _ => return Err(GraphError::unsupported(&call.method, id)),
    };
    let fields = wanted(call, &["id", "name"], Shape::Page)?;
    let node = node(platform, grant, id, &user, call.now_ms);
    Ok(pick(&node, &fields))
}

fn node(platform: &mut Platform, grant: &Grant, id: &str, user: &str, now_ms: i64) -> Value {
    let token = page_token(platform, &grant.token, id, user, now_ms);
    let tasks = platform.users.get(user).and_then(|user| user.pages.iter().find(|(page, _)| page == id));
    let tasks = tasks.map(|(_, tasks)| tasks.clone()).unwrap_or_default();
    let Some(page) = platform.pages.get(id) else { return json!({ "id": id }) };
    let mut node = json!({
        "id": id,
        "name": page.name,
        "access_token": token,
        "category": page.category,
        "tasks": tasks,
        "link": format!("https://www.facebook.com/{id}"),
    });
    if let Some((id, username)) = &page.instagram {
        node["instagram_business_account"] = json!({ "id": id, "username": username });
    }
    node
}
