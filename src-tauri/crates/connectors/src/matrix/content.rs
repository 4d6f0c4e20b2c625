//! What events say, by their type: messages, state, and what bridges add. Every field may be missing or of any type.

use super::wire::{Raw, lenient_struct};
use std::collections::BTreeMap;

lenient_struct! {
    /// `m.room.message`, `m.sticker`, `m.reaction`, `m.room.redaction`: what any of them may hold.
    #[serde(bound(deserialize = "'de: 'a"))]
    Message<'a> {
        /// `m.text` …
        msgtype: Option<String> = "msgtype",
        /// Text, caption or file name.
        body: Option<String> = "body",
        /// File name, if `body` is a caption.
        filename: Option<String> = "filename",
        /// Unencrypted file.
        url: Option<String> = "url",
        /// About the file.
        info: MediaInfo = "info",
        /// `geo:…`.
        geo_uri: Option<String> = "geo_uri",
        /// What it refers to.
        relates_to: RelatesTo = "m.relates_to",
        /// The text after an edit.
        new_content: Option<Raw<'a>> = "m.new_content",
        /// Target of a redaction since room version 11.
        redacts: Option<String> = "redacts",
        /// A poll, in its unstable form.
        poll_unstable: Poll = "org.matrix.msc3381.poll.start",
        /// A poll.
        poll: Poll = "m.poll.start",
    }
    /// A poll.
    Poll {
        /// What is asked.
        question: Question = "question",
    }
    /// What a poll asks.
    Question {
        /// Plain text.
        body: Option<String> = "body",
        /// Plain text, as clients write it today.
        text: Option<String> = "org.matrix.msc1767.text",
    }
    /// About a file.
    MediaInfo {
        /// Stated type.
        mimetype: Option<String> = "mimetype",
        /// Stated size, bytes.
        size: Option<u64> = "size",
        /// Stated width, pixels.
        w: Option<u32> = "w",
        /// Stated height, pixels.
        h: Option<u32> = "h",
    }
    /// What a message refers to.
    RelatesTo {
        /// `m.replace`, `m.annotation`, `m.thread`.
        rel_type: Option<String> = "rel_type",
        /// Target.
        event_id: Option<String> = "event_id",
        /// Emoji.
        key: Option<String> = "key",
        /// A reply that only serves clients without threads.
        is_falling_back: bool = "is_falling_back",
        /// A reply.
        in_reply_to: EventRef = "m.in_reply_to",
    }
    /// A pointer to an event.
    EventRef {
        /// Which.
        event_id: Option<String> = "event_id",
    }
    /// `m.room.member`.
    Member {
        /// `join`, `invite`, `leave`, `ban`, `knock`.
        membership: String = "membership",
        /// Name in this room.
        displayname: Option<String> = "displayname",
        /// Picture.
        avatar_url: Option<String> = "avatar_url",
        /// The inviter wants a conversation of two.
        is_direct: bool = "is_direct",
    }
    /// `m.room.name`.
    Name {
        /// The name.
        name: Option<String> = "name",
        /// A bridge repeats the customer's name here.
        is_implicit: bool = "fi.mau.implicit_name",
    }
    /// `m.room.create`.
    Create {
        /// `m.space` for a folder.
        room_type: Option<String> = "type",
    }
    /// `io.element.functional_members`.
    FunctionalMembers {
        /// Bots that do not count.
        service_members: Vec<String> = "service_members",
    }
    /// `m.bridge`, `uk.half-shot.bridge`.
    Bridge {
        /// Who may say this.
        bot: Option<String> = "bridgebot",
        /// The software and the network.
        protocol: Protocol = "protocol",
        /// The conversation on the network.
        channel: Channel = "channel",
        /// `dm`, `group_dm`, `space`, `personal_filtering_space`.
        room_type: Option<String> = "com.beeper.room_type.v2",
    }
    /// The software and the network.
    Protocol {
        /// Name of the bridge software.
        id: Option<String> = "id",
        /// Name for people.
        displayname: Option<String> = "displayname",
    }
    /// The conversation on the network.
    Channel {
        /// The brand's own id there.
        receiver: Option<String> = "fi.mau.receiver",
    }
    /// `com.beeper.room_features`.
    #[serde(bound(deserialize = "'de: 'a"))]
    Features<'a> {
        /// Characters.
        max_text_length: Option<u64> = "max_text_length",
        /// −2 rejected, −1 dropped, 0 unsupported, 1 partial, 2 full.
        reply: Option<i64> = "reply",
        /// By message type.
        file: Option<BTreeMap<String, Raw<'a>>> = "file",
    }
    /// What a bridge takes of one kind of file.
    FileFeatures {
        /// Bytes.
        max_size: Option<u64> = "max_size",
    }
}
