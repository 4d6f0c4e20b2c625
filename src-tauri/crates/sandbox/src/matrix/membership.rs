//! Making rooms, and coming and going.

use serde_json::{Value, json};

use super::error::Refusal;
use super::event::Draft;
use super::login::Session;
use super::room::Room;
use super::server::Server;

impl Server {
    /// A room of version 12 made by `creator`, who has joined; `is_old` gives an id with the server's name in it, as
    /// rooms before version 12 have.
    pub fn open_room(&mut self, creator: &str, is_old: bool, at_ms: i64) -> String {
        let id = if is_old {
            format!("!{}:{}", self.chance.id(18).replace(['-', '_'], "x"), self.domain)
        } else {
            format!("!{}", self.chance.id(43))
        };
        self.rooms.insert(id.clone(), Room::new(&id));
        let version = if is_old { "10" } else { "12" };
        self.append(
            &id,
            Draft::state(creator, "m.room.create", "", json!({ "room_version": version })),
            at_ms,
        );
        self.join(&id, creator, at_ms);
        let levels = json!({ "users_default": 0, "events_default": 0, "state_default": 50, "redact": 50 });
        self.append(&id, Draft::state(creator, "m.room.power_levels", "", levels), at_ms);
        self.append(
            &id,
            Draft::state(creator, "m.room.join_rules", "", json!({ "join_rule": "invite" })),
            at_ms,
        );
        id
    }

    pub fn invite(&mut self, room: &str, sender: &str, user: &str, is_direct: bool, at_ms: i64) {
        let mut content = self.profile(user);
        content["membership"] = json!("invite");
        if is_direct {
            content["is_direct"] = json!(true);
        }
        self.append(room, Draft::state(sender, "m.room.member", user, content), at_ms);
    }

    pub fn join(&mut self, room: &str, user: &str, at_ms: i64) {
        let mut content = self.profile(user);
        content["membership"] = json!("join");
        self.append(room, Draft::state(user, "m.room.member", user, content), at_ms);
    }

    pub fn leave(&mut self, room: &str, user: &str, at_ms: i64) {
        self.append(room, Draft::state(user, "m.room.member", user, json!({ "membership": "leave" })), at_ms);
    }

    /// Adds a room to a person's `m.direct`.
    pub fn mark_direct(&mut self, owner: &str, customer: &str, room: &str) {
        let known = self.users.get(owner).and_then(|user| user.account_data.get("m.direct"));
        let mut direct = known.map_or_else(|| json!({}), |(_, content)| content.clone());
        match direct[customer].as_array_mut() {
            Some(rooms) => rooms.push(json!(room)),
            None => direct[customer] = json!([room]),
        }
        self.set_account_data(owner, "m.direct", direct);
    }
}

/// `POST /join/{room}` and `POST /rooms/{room}/join`: by invitation only; joining again is harmless.
pub(crate) fn join(
    server: &mut Server,
    session: &Session,
    room: &str,
    now_ms: i64,
) -> Result<Value, Refusal> {
    match server.room(room)?.membership(&session.user) {
        "join" => {}
        "invite" => server.join(room, &session.user, now_ms),
        _ => return Err(Refusal::forbidden("You are not invited to this room.")),
    }
    Ok(json!({ "room_id": room }))
}

pub(crate) fn leave(
    server: &mut Server,
    session: &Session,
    room: &str,
    now_ms: i64,
) -> Result<Value, Refusal> {
    if !matches!(server.room(room)?.membership(&session.user), "join" | "invite") {
        return Err(Refusal::forbidden("User not in room"));
    }
    server.leave(room, &session.user, now_ms);
    Ok(json!({}))
}

/// `POST /createRoom`, as far as a direct conversation needs it.
pub(crate) fn create(
    server: &mut Server,
    session: &Session,
    body: &Value,
    now_ms: i64,
) -> Result<Value, Refusal> {
    let invited: Vec<String> = body["invite"]
        .as_array()
        .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    if let Some(stranger) = invited.iter().find(|user| !server.users.contains_key(*user)) {
        return Err(Refusal::forbidden(&format!("{stranger} cannot be invited")));
    }
    let room = server.open_room(&session.user, false, now_ms);
    for state in body["initial_state"].as_array().into_iter().flatten() {
        let kind = state["type"].as_str().unwrap_or_default().to_owned();
        let key = state["state_key"].as_str().unwrap_or_default();
        server.append(&room, Draft::state(&session.user, &kind, key, state["content"].clone()), now_ms);
    }
    if let Some(name) = body["name"].as_str() {
        server.append(&room, Draft::state(&session.user, "m.room.name", "", json!({ "name": name })), now_ms);
    }
    for user in invited {
        server.invite(&room, &session.user, &user, body["is_direct"] == true, now_ms);
    }
    Ok(json!({ "room_id": room }))
}
