//! Rooms behind a bridge: whether to believe what a room says about its network, and what follows from it.
//!
//! Source: mautrix bridgev2, state events `m.bridge`, `uk.half-shot.bridge`, `com.beeper.room_features`.

use super::content::{Bridge, Features, FileFeatures};
use super::ids;
use super::wire::read;
use model::capability::Limits;

/// A bridge's claim about a room, as its state event was sent.
#[derive(Debug, Clone)]
pub struct Claim {
    bot: String,
    /// `<id of the bridge's application service>_` and `<bot's name without "bot">_`: how its ghosts' names begin.
    prefixes: Vec<String>,
    label: String,
    network_names: Vec<String>,
    receiver: Option<String>,
    room_type: Option<String>,
}

impl Claim {
    /// The claim of a state event, if its sender may make it: it must be the very bot it names, on our own server.
    ///
    /// The server matters: whoever has power in a room and a server of their own can invent a bot and a ghost there.
    pub fn new(me: &str, sender: &str, state_key: &str, content: Bridge) -> Option<Self> {
        let (bot_name, bot_server) = ids::user(sender)?;
        if content.bot.as_deref() != Some(sender) || bot_server != ids::user(me)?.1 {
            return None;
        }
        let service = state_key.rsplit_once('/').map_or("", |(_, service)| service);
        let names = [service, bot_name.strip_suffix("bot").unwrap_or_default()];
        let prefixes: Vec<String> =
            names.iter().filter(|name| !name.is_empty()).map(|name| format!("{name}_")).collect();
        let shown = content.protocol.displayname.filter(|name| !name.trim().is_empty());
        let label = label(content.protocol.id.as_deref(), shown.as_deref())?;
        let network_names = shown.into_iter().chain([label.clone()]).collect();
        Some(Self {
            bot: sender.to_owned(),
            prefixes,
            label,
            network_names,
            receiver: content.channel.receiver,
            room_type: content.room_type,
        })
    }

    /// The bridge's bot.
    pub fn bot(&self) -> &str {
        &self.bot
    }

    /// The network, as people write it.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Whether a user is a ghost of this bridge, i.e. speaks for somebody on the network.
    pub fn is_ghost(&self, user: &str) -> bool {
        let (Some((name, server)), Some((_, own))) = (ids::user(user), ids::user(&self.bot)) else {
            return false;
        };
        server == own
            && user != self.bot
            && self.prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
    }

    /// Whether a user is the brand's own ghost: what the brand writes on its phone arrives from it.
    pub fn is_own_ghost(&self, user: &str) -> bool {
        let (Some((name, _)), Some(receiver)) = (ids::user(user), &self.receiver) else { return false };
        self.is_ghost(user)
            && self.prefixes.iter().any(|prefix| {
                name.strip_prefix(prefix.as_str()).is_some_and(|id| id.eq_ignore_ascii_case(receiver))
            })
    }

    /// Whether the bridge says that it is a conversation of two.
    pub fn is_direct(&self) -> bool {
        self.room_type.as_deref() == Some("dm")
    }

    /// Whether it is a folder and not a conversation.
    pub fn is_folder(&self) -> bool {
        matches!(self.room_type.as_deref(), Some("space" | "personal_filtering_space"))
    }

    /// A ghost's name without the network that bridges put behind it: `Ada (Twitter)` → `Ada`.
    pub fn plain_name<'a>(&self, name: &'a str) -> &'a str {
        const SHORT: [&str; 6] = ["WA", "FB", "IG", "X", "Twitter", "Facebook"];
        let Some((plain, suffix)) = name.strip_suffix(')').and_then(|name| name.rsplit_once(" (")) else {
            return name;
        };
        let is_network = self.network_names.iter().any(|known| known.eq_ignore_ascii_case(suffix));
        if (is_network || SHORT.contains(&suffix)) && !plain.trim().is_empty() {
            plain.trim_end()
        } else {
            name
        }
    }
}

/// The network's name as people write it, by the name of the bridge software, which operators and versions vary; else
/// what the bridge calls it.
fn label(protocol: Option<&str>, shown: Option<&str>) -> Option<String> {
    const KNOWN: [(&str, &str); 12] = [
        ("instagram", "Instagram"),
        ("facebook", "Messenger"),
        ("messenger", "Messenger"),
        ("meta", "Messenger"),
        ("twitter", "X"),
        ("linkedin", "LinkedIn"),
        ("whatsapp", "WhatsApp"),
        ("bluesky", "Bluesky"),
        ("telegram", "Telegram"),
        ("signal", "Signal"),
        ("discord", "Discord"),
        ("slack", "Slack"),
    ];
    let id = protocol.unwrap_or_default().to_lowercase();
    if id == "x" {
        return Some("X".to_owned());
    }
    let known = KNOWN.iter().find(|(prefix, _)| id.starts_with(prefix)).map(|(_, label)| (*label).to_owned());
    known.or_else(|| shown.map(str::to_owned)).or_else(|| (!id.is_empty()).then_some(id))
}

/// What a bridge takes here, for the composer to follow. Unstated is left to the platform's own limits.
pub fn limits(features: &Features<'_>) -> Limits {
    let max_file_bytes = features.file.as_ref().map(|kinds| {
        // One limit for all kinds: the smallest, so that no file is promised that the bridge then drops.
        kinds.values().filter_map(|raw| read::<FileFeatures>(raw)?.max_size).min().unwrap_or(
            match kinds.len() {
                0 => 0,
                _ => u64::MAX,
            },
        )
    });
    Limits {
        max_text: features.max_text_length.filter(|length| *length > 0).and_then(|n| usize::try_from(n).ok()),
        can_quote: features.reply.map(|level| level > 0),
        max_file_bytes: max_file_bytes.filter(|bytes| *bytes != u64::MAX),
        ..Limits::default()
    }
}

/// Names under which bridges run their bots unless the operator renames them: a hint, where no room has told us yet.
pub fn is_usual_bot(me: &str, user: &str) -> bool {
    const NAMES: [&str; 14] = [
        "instagrambot",
        "facebookbot",
        "metabot",
        "messengerbot",
        "twitterbot",
        "linkedinbot",
        "whatsappbot",
        "blueskybot",
        "telegrambot",
        "signalbot",
        "discordbot",
        "slackbot",
        "gmessagesbot",
        "googlechatbot",
    ];
    match (ids::user(user), ids::user(me)) {
        (Some((name, server)), Some((_, own))) => server == own && NAMES.contains(&name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: &str = "@brand:example.org";

    fn claim(sender: &str, content: &str) -> Option<Claim> {
        Claim::new(ME, sender, "example.org/instagram", serde_json::from_str(content).unwrap())
    }

    #[test]
    fn a_label_counts_only_from_the_bot_it_names_on_our_own_server() {
        let named = r#"{"bridgebot":"@instagrambot:example.org","protocol":{"id":"instagramgo"}}"#;
        assert_eq!(claim("@instagrambot:example.org", named).unwrap().label(), "Instagram");
        assert!(claim("@mallory:example.org", named).is_none());
        let foreign = r#"{"bridgebot":"@instagrambot:evil.org","protocol":{"id":"instagramgo"}}"#;
        assert!(claim("@instagrambot:evil.org", foreign).is_none());
        assert!(claim("@instagrambot:example.org", "{}").is_none());
    }

    #[test]
    fn networks_are_named_as_people_write_them_or_as_the_bridge_does() {
        assert_eq!(label(Some("facebookgo"), Some("Facebook Messenger")).unwrap(), "Messenger");
        assert_eq!(label(Some("x"), None).unwrap(), "X");
        assert_eq!(label(Some("xmpp"), Some("XMPP")).unwrap(), "XMPP");
        assert_eq!(label(None, None), None);
    }

    #[test]
    fn the_brands_own_ghost_is_known_by_its_receiver() {
        let content = r#"{"bridgebot":"@instagrambot:example.org","protocol":{"id":"instagramgo","displayname":"Instagram"},
                          "channel":{"fi.mau.receiver":"4711"}}"#;
        let claim = claim("@instagrambot:example.org", content).unwrap();
        assert!(claim.is_own_ghost("@instagram_4711:example.org"));
        assert!(
            claim.is_ghost("@instagram_4712:example.org")
                && !claim.is_own_ghost("@instagram_4712:example.org")
        );
        assert!(!claim.is_ghost("@instagram_4712:evil.org") && !claim.is_ghost("@anna:example.org"));
        assert_eq!(claim.plain_name("Ada (Instagram)"), "Ada");
        assert_eq!(claim.plain_name("Ada (Berlin)"), "Ada (Berlin)");
    }

    #[test]
    fn the_composer_follows_what_the_bridge_takes() {
        let read = |json| limits(&serde_json::from_str(json).unwrap());
        let all = read(
            r#"{"max_text_length":1000,"reply":-1,"file":{"m.image":{"max_size":8},"m.video":{"max_size":25}}}"#,
        );
        assert_eq!((all.max_text, all.can_quote, all.max_file_bytes), (Some(1000), Some(false), Some(8)));
        assert_eq!(read(r#"{"file":{}}"#).max_file_bytes, Some(0));
        assert_eq!(read(r#"{"file":{"m.image":7},"reply":"yes","max_text_length":-3}"#), Limits::default());
    }
}
