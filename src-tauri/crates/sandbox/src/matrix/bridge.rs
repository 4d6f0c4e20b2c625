//! Rooms whose other side is on another network, as the mautrix bridges make them.

use serde_json::{Value, json};

use super::event::Draft;
use super::server::{Server, User};
use crate::media::Media;

/// A bridge to another network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// `protocol.id` of the bridge's state event.
    pub protocol_id: &'static str,
    /// `protocol.displayname`.
    pub display_name: &'static str,
    /// Application service id: `<id>bot` is the bot, `<id>_…` are the ghosts.
    pub appservice: &'static str,
    /// What the bridge appends to the customer's name, if anything.
    pub name_suffix: &'static str,
    /// The network's website.
    pub website: &'static str,
    /// Longest text the network takes, in characters.
    pub max_text_length: u32,
    /// Whether the network knows edits.
    pub can_edit: bool,
}

/// A bridged room with its people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridged {
    /// Room id.
    pub room: String,
    /// The customer's ghost.
    pub ghost: String,
    /// The bridge's bot.
    pub bot: String,
}

impl Bridge {
    /// mautrix-instagram.
    pub const INSTAGRAM: Bridge = Bridge {
        protocol_id: "instagramgo",
        display_name: "Instagram",
        appservice: "instagram",
        name_suffix: "",
        website: "https://instagram.com",
        max_text_length: 1_000,
        can_edit: true,
    };
    /// mautrix-twitter.
    pub const X: Bridge = Bridge {
        protocol_id: "twitter",
        display_name: "X",
        appservice: "twitter",
        name_suffix: " (Twitter)",
        website: "https://x.com",
        max_text_length: 10_000,
        can_edit: true,
    };
    /// mautrix-linkedin.
    pub const LINKEDIN: Bridge = Bridge {
        protocol_id: "linkedin",
        display_name: "LinkedIn",
        appservice: "linkedin",
        name_suffix: " (LinkedIn)",
        website: "https://www.linkedin.com",
        max_text_length: 8_000,
        can_edit: true,
    };
    /// mautrix-whatsapp.
    pub const WHATSAPP: Bridge = Bridge {
        protocol_id: "whatsapp",
        display_name: "WhatsApp",
        appservice: "whatsapp",
        name_suffix: " (WA)",
        website: "https://whatsapp.com",
        max_text_length: 65_536,
        can_edit: true,
    };

    pub(super) fn open(
        self,
        server: &mut Server,
        brand: &str,
        remote_id: &str,
        name: &str,
        avatar: Option<Media>,
        at_ms: i64,
    ) -> Bridged {
        let bot = format!("@{}bot:{}", self.appservice, server.domain);
        let ghost = format!("@{}_{remote_id}:{}", self.appservice, server.domain);
        let shown = format!("{name}{}", self.name_suffix);
        let avatar = avatar.map(|picture| server.store_media(picture));
        puppet(server, &bot, &format!("{} bridge bot", self.display_name), None);
        puppet(server, &ghost, &shown, avatar.clone());
        let room = server.open_room(&bot, true, at_ms);
        server.invite(&room, &bot, brand, true, at_ms);
        server.join(&room, brand, at_ms);
        server.join(&room, &ghost, at_ms);
        let key = format!("{}/{}", server.domain, self.appservice);
        let label = self.label(&bot, remote_id, &shown, avatar.as_deref());
        let members = json!({ "service_members": [bot] });
        let named = json!({ "name": shown, "fi.mau.implicit_name": true });
        for (kind, key, content) in [
            ("m.bridge", key.as_str(), label.clone()),
            ("uk.half-shot.bridge", key.as_str(), label),
            ("com.beeper.room_features", key.as_str(), self.features()),
            ("io.element.functional_members", "", members),
            ("m.room.name", "", named),
        ] {
            server.append(&room, Draft::state(&bot, kind, key, content), at_ms);
        }
        if let Some(address) = avatar {
            let picture = json!({ "url": address, "fi.mau.implicit_name": true });
            server.append(&room, Draft::state(&bot, "m.room.avatar", "", picture), at_ms);
        }
        Bridged { room, ghost, bot }
    }

    fn label(self, bot: &str, remote_id: &str, name: &str, avatar: Option<&str>) -> Value {
        let mut channel = json!({
            "id": format!("thread-{remote_id}"), "displayname": name, "fi.mau.receiver": format!("brand-{}", self.appservice),
        });
        if let Some(address) = avatar {
            channel["avatar_url"] = json!(address);
        }
        json!({
            "bridgebot": bot,
            "creator": bot,
            "protocol": { "id": self.protocol_id, "displayname": self.display_name, "external_url": self.website },
            "channel": channel,
            "com.beeper.room_type": "dm",
            "com.beeper.room_type.v2": "dm",
        })
    }

    fn features(self) -> Value {
        json!({
            "max_text_length": self.max_text_length,
            "reply": 2,
            "edit": if self.can_edit { 2 } else { 0 },
            "edit_max_age": 900,
            "reaction": 2,
            "delete": 2,
            "thread": 0,
            "poll": -1,
            "location_message": 0,
            "read_receipts": true,
            "typing_notifications": true,
            "file": {
                "m.image": { "mime_types": { "image/jpeg": 2, "image/png": 2 }, "max_size": 8_388_608, "caption": 1 },
                "m.file": { "mime_types": { "*/*": 2 }, "max_size": 26_214_400 },
            },
        })
    }
}

/// A user of the bridge's own; nobody signs in as one.
fn puppet(server: &mut Server, id: &str, display_name: &str, avatar: Option<String>) {
    if server.users.contains_key(id) {
        return;
    }
    let password = server.chance.id(40);
    let user = User {
        password,
        display_name: display_name.to_owned(),
        avatar,
        account_data: std::collections::BTreeMap::new(),
        filters: Vec::new(),
        bucket: None,
    };
    server.users.insert(id.to_owned(), user);
}
