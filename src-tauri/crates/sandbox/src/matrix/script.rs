//! Making servers, people and rooms, and acting as those people.

use serde_json::{Value, json};

use super::bridge::{Bridge, Bridged};
use super::event::Draft;
use super::server::{Server, User};
use crate::media::Media;
use crate::world::World;

/// One simulated homeserver. A cheap handle; [`Matrix::at`] makes one that acts at another time.
#[derive(Clone)]
pub struct Matrix {
    pub(super) world: World,
    pub(super) host: String,
    at_ms: Option<i64>,
}

impl Matrix {
    pub(crate) fn of(world: &World, host: &str) -> Matrix {
        {
            let mut state = world.lock();
            if !state.matrix.contains_key(host) {
                let chance = state.chance.branch();
                state.matrix.insert(host.to_owned(), Server::new(host, chance));
            }
        }
        Matrix { world: world.clone(), host: host.to_owned(), at_ms: None }
    }

    /// The same server, with everything done through this handle dated `at_ms`. The order in a room is the order of
    /// doing, whatever the dates say.
    pub fn at(&self, at_ms: i64) -> Matrix {
        Matrix { at_ms: Some(at_ms), ..self.clone() }
    }

    /// The base address, e.g. `https://matrix.example.org`.
    pub fn base_url(&self) -> String {
        format!("https://{}", self.host)
    }

    pub(super) fn act<T>(&self, act: impl FnOnce(&mut Server, i64) -> T) -> T {
        self.world.settle();
        let at_ms = self.at_ms.unwrap_or_else(|| self.world.now_ms());
        let done = {
            let mut state = self.world.lock();
            let server =
                state.matrix.get_mut(&self.host).expect("a handle is only made for a server that exists");
            act(server, at_ms)
        };
        self.world.wake();
        done
    }

    /// Makes an account; gives its full id.
    pub fn create_user(&self, localpart: &str, password: &str, display_name: &str) -> String {
        self.act(|server, _| {
            let id = format!("@{localpart}:{}", server.domain);
            let user = User {
                password: password.to_owned(),
                display_name: display_name.to_owned(),
                avatar: None,
                account_data: std::collections::BTreeMap::new(),
                filters: Vec::new(),
                bucket: None,
            };
            server.users.insert(id.clone(), user);
            id
        })
    }

    /// Gives a person a picture, for rooms they join from now on.
    pub fn set_avatar(&self, user: &str, picture: Media) {
        self.act(|server, _| {
            let address = server.store_media(picture);
            if let Some(user) = server.users.get_mut(user) {
                user.avatar = Some(address);
            }
        });
    }

    /// A direct room between a brand and a customer, made by the customer, joined by both.
    pub fn direct_room(&self, brand: &str, customer: &str) -> String {
        self.act(|server, at_ms| {
            let room = server.open_room(customer, false, at_ms);
            server.invite(&room, customer, brand, true, at_ms);
            server.join(&room, brand, at_ms);
            server.mark_direct(brand, customer, &room);
            room
        })
    }

    /// A room a customer made and invited the brand to; the brand has not joined yet.
    pub fn invitation(&self, brand: &str, customer: &str) -> String {
        self.act(|server, at_ms| {
            let room = server.open_room(customer, false, at_ms);
            server.invite(&room, customer, brand, true, at_ms);
            room
        })
    }

    /// A customer invites the brand (again) to a room of theirs.
    pub fn invite(&self, room: &str, customer: &str, brand: &str) {
        self.act(|server, at_ms| server.invite(room, customer, brand, true, at_ms));
    }

    /// A room that a bridge made for a conversation on another network: the bridge's bot, the customer's ghost and
    /// the brand are in it. `remote_id` is the ghost's id part.
    pub fn bridged_room(
        &self,
        brand: &str,
        bridge: Bridge,
        remote_id: &str,
        name: &str,
        avatar: Option<Media>,
    ) -> Bridged {
        self.act(|server, at_ms| bridge.open(server, brand, remote_id, name, avatar, at_ms))
    }

    /// Any event, by anybody, unchecked. Gives its id.
    pub fn send_event(&self, room: &str, sender: &str, kind: &str, content: Value) -> String {
        self.act(|server, at_ms| server.append(room, Draft::event(sender, kind, content), at_ms))
    }

    /// Any state event, by anybody, unchecked.
    pub fn set_state(&self, room: &str, sender: &str, kind: &str, key: &str, content: Value) -> String {
        self.act(|server, at_ms| server.append(room, Draft::state(sender, kind, key, content), at_ms))
    }

    /// A text message.
    pub fn write(&self, room: &str, sender: &str, text: &str) -> String {
        self.send_event(room, sender, "m.room.message", json!({ "msgtype": "m.text", "body": text }))
    }

    /// A text message that the server loses on the way to its clients: no sync tells of it, the room's history does.
    pub fn write_unannounced(&self, room: &str, sender: &str, text: &str) -> String {
        let content = json!({ "msgtype": "m.text", "body": text });
        self.act(|server, at_ms| {
            let id = server.append(room, Draft::event(sender, "m.room.message", content), at_ms);
            server.rooms.get_mut(room).map(|room| room.unannounced.insert(id.clone()));
            id
        })
    }

    /// A bot's notice.
    pub fn notice(&self, room: &str, sender: &str, text: &str) -> String {
        self.send_event(room, sender, "m.room.message", json!({ "msgtype": "m.notice", "body": text }))
    }

    /// A text that answers another message.
    pub fn reply(&self, room: &str, sender: &str, to: &str, text: &str) -> String {
        let relates = json!({ "m.in_reply_to": { "event_id": to } });
        let content = json!({ "msgtype": "m.text", "body": text, "m.relates_to": relates });
        self.send_event(room, sender, "m.room.message", content)
    }

    /// An edit. Whether `sender` may edit that message is not asked, as Synapse does not ask.
    pub fn edit(&self, room: &str, sender: &str, target: &str, text: &str) -> String {
        let content = json!({
            "msgtype": "m.text",
            "body": format!("* {text}"),
            "m.new_content": { "msgtype": "m.text", "body": text },
            "m.relates_to": { "rel_type": "m.replace", "event_id": target },
        });
        self.send_event(room, sender, "m.room.message", content)
    }

    /// A reaction.
    pub fn react(&self, room: &str, sender: &str, target: &str, key: &str) -> String {
        let relates = json!({ "rel_type": "m.annotation", "event_id": target, "key": key });
        self.send_event(room, sender, "m.reaction", json!({ "m.relates_to": relates }))
    }

    /// Deletes a message or takes back a reaction.
    pub fn redact(&self, room: &str, sender: &str, target: &str) -> String {
        self.send_event(room, sender, "m.room.redaction", json!({ "redacts": target }))
    }

    /// A picture, sound, film or other file by its type, with a caption if given.
    pub fn send_media(&self, room: &str, sender: &str, media: Media, caption: Option<&str>) -> String {
        let kind = match media.mime.split('/').next() {
            Some("image") => "m.image",
            Some("audio") => "m.audio",
            Some("video") => "m.video",
            _ => "m.file",
        };
        let mut info = json!({ "mimetype": media.mime, "size": media.size_bytes() });
        if let Some((width, height)) = media.pixels() {
            info["w"] = json!(width);
            info["h"] = json!(height);
        }
        let (name, body) = (media.name.clone(), caption.unwrap_or(&media.name).to_owned());
        let url = self.act(|server, _| server.store_media(media));
        let content = json!({ "msgtype": kind, "body": body, "filename": name, "url": url, "info": info });
        self.send_event(room, sender, "m.room.message", content)
    }

    /// A sticker.
    pub fn sticker(&self, room: &str, sender: &str, picture: Media, body: &str) -> String {
        let (width, height) = picture.pixels().unwrap_or((256, 256));
        let info = json!({ "mimetype": picture.mime, "size": picture.size_bytes(), "w": width, "h": height });
        let url = self.act(|server, _| server.store_media(picture));
        self.send_event(room, sender, "m.sticker", json!({ "body": body, "url": url, "info": info }))
    }

    /// Turns encryption on in a room, for good.
    pub fn encrypt(&self, room: &str, sender: &str) {
        let content = json!({ "algorithm": "m.megolm.v1.aes-sha2" });
        self.set_state(room, sender, "m.room.encryption", "", content);
    }

    /// A message nobody here can open.
    pub fn write_encrypted(&self, room: &str, sender: &str) -> String {
        let (ciphertext, session) = self.act(|server, _| (server.chance.id(180), server.chance.id(43)));
        let content = json!({
            "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": ciphertext, "session_id": session, "device_id": "ELEMENT1",
        });
        self.send_event(room, sender, "m.room.encrypted", content)
    }

    /// A person starts or stops typing; it fades by itself after 20 s.
    pub fn set_typing(&self, room: &str, user: &str, is_typing: bool) {
        self.act(|server, at_ms| server.set_typing(room, user, is_typing.then_some(at_ms + 20_000)));
    }

    /// A person reads up to an event, for all to see.
    pub fn read(&self, room: &str, user: &str, event: &str) {
        self.act(|server, at_ms| server.set_receipt(room, user, event, false, at_ms));
    }

    /// A person leaves.
    pub fn leave(&self, room: &str, user: &str) {
        self.act(|server, at_ms| server.leave(room, user, at_ms));
    }

    /// A person who is invited joins.
    pub fn join(&self, room: &str, user: &str) {
        self.act(|server, at_ms| server.join(room, user, at_ms));
    }
}
