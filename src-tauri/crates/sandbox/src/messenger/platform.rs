//! Meta's memory: apps, users, Pages, customers, threads, tokens.

use std::collections::{BTreeMap, VecDeque};

use super::attachment::Held;
use crate::media::Media;
use crate::world::Chance;

pub(crate) struct Platform {
    pub chance: Chance,
    pub apps: BTreeMap<String, App>,
    pub users: BTreeMap<String, User>,
    pub pages: BTreeMap<String, Page>,
    pub customers: BTreeMap<String, Customer>,
    pub threads: BTreeMap<String, Thread>,
    pub tokens: BTreeMap<String, Token>,
    pub codes: BTreeMap<String, Code>,
    /// When a user last consented to an app, ms; by app and user.
    pub consents: BTreeMap<(String, String), i64>,
    /// Page tokens end with the user token they come from.
    pub page_tokens_end: bool,
    /// Exchanging a token for a longer one ends it.
    pub exchange_ends_old: bool,
    /// Files on the content network, by asset id.
    pub files: BTreeMap<String, Media>,
    /// What the open web holds, for attachments by url.
    pub web: BTreeMap<String, WebFile>,
    /// Reusable uploads: the Page, the file's asset id, and when they were made in ms.
    pub uploads: BTreeMap<String, (String, String, i64)>,
    /// Every cursor given out before this number was raised is stale.
    pub cursor_age: u64,
    /// The places of batch items that time out in the next batch.
    pub lost_batch_items: Vec<usize>,
}

pub(crate) struct App {
    pub secret: String,
    pub name: String,
    pub redirect_uris: Vec<String>,
    pub requires_proof: bool,
    pub has_human_agent: bool,
    /// Advanced Access: people without a role on the app can be read and answered.
    pub is_advanced: bool,
    /// People who use the app in a day; 200 calls an hour for each.
    pub daily_users: usize,
    pub calls: VecDeque<i64>,
}

pub(crate) struct User {
    pub name: String,
    /// Page id and tasks on it.
    pub pages: Vec<(String, Vec<String>)>,
    /// Whether `/me/accounts` lists the Pages; business-owned ones are sometimes missing there.
    pub lists_pages: bool,
}

pub(crate) struct Page {
    pub name: String,
    pub category: String,
    /// Linked Instagram account: id and user name.
    pub instagram: Option<(String, String)>,
    pub refusing: Option<Refusing>,
    /// Longest time until a sent message can be read back, ms.
    pub lag_ms: i64,
    /// Lists come with holes, although more follows.
    pub has_short_pages: bool,
    /// More than 40 messages a second: lists fail, single threads work.
    pub is_high_volume: bool,
    pub fails_reactions: bool,
    pub sends_no_usage: bool,
    /// People the Page may message, when it is not simply the number of threads.
    pub engaged: Option<usize>,
    /// Conversation calls in the last second, ms.
    pub recent: VecDeque<i64>,
    /// Calls of the last 24 hours, ms.
    pub calls: VecDeque<i64>,
    pub parked_until_ms: i64,
    /// How much one list may ask for: threads × messages each.
    pub list_capacity: usize,
}

pub(crate) struct Customer {
    pub page: String,
    pub first_name: String,
    pub last_name: String,
    /// Asset id of the picture.
    pub picture: Option<String>,
    pub profile: Profile,
    pub has_role: bool,
    pub thread: String,
}

/// What a profile lookup gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Names and picture.
    Known,
    /// The name is null.
    Nameless,
    /// Code 230: the person has to agree first.
    NeedsConsent,
    /// Code 9010.
    NotFound,
    /// Code 100, subcode 33.
    Hidden,
}

/// Why a thread or a whole Page takes no messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusing {
    /// Code 551, subcode 1545041: the person is not available.
    Unavailable,
    /// Code 10, subcode 2018108: blocked us or left the chat.
    Blocked,
    /// Code 10, subcode 2018300: another app controls the thread.
    OtherApp,
    /// Code 10, subcode 1893063: the Page is restricted for a while.
    Restricted,
    /// Code 200, subcode 2534041: the owner switched apps off.
    AppsSwitchedOff,
}

pub(crate) struct Thread {
    pub page: String,
    pub customer: String,
    /// By time, ties in the order of writing.
    pub messages: Vec<Message>,
    pub unread: usize,
    pub last_inbound_ms: Option<i64>,
    pub refusing: Option<Refusing>,
    /// Whoever reads its messages gets code 1.
    pub is_poisoned: bool,
    pub typing_until_ms: i64,
}

pub(crate) struct Message {
    pub id: String,
    pub at_ms: i64,
    /// Not readable before this, ms.
    pub visible_from_ms: i64,
    pub is_ours: bool,
    pub text: Option<String>,
    pub attachments: Vec<Held>,
    pub reply_to: Option<String>,
    /// Reaction and the id of who reacted.
    pub reactions: Vec<(String, String)>,
    pub app: Option<String>,
    pub metadata: Option<String>,
    /// `MESSAGE_TAG` tag it was sent with.
    pub tag: Option<String>,
}

#[derive(Clone)]
pub(crate) enum Owner {
    User(String),
    /// A Page's token, made for this user.
    Page {
        page: String,
        user: String,
    },
}

impl Owner {
    /// The user whose consent it lives on.
    pub fn user(&self) -> &str {
        let (Owner::User(user) | Owner::Page { user, .. }) = self;
        user
    }
}

#[derive(Clone)]
pub(crate) struct Token {
    pub owner: Owner,
    pub app: String,
    pub scopes: Vec<String>,
    pub issued_ms: i64,
    pub expires_at_ms: Option<i64>,
    pub state: TokenState,
}

/// What became of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// It works, unless its time is over.
    Valid,
    /// 190/463.
    Expired,
    /// 190/460.
    PasswordChanged,
    /// 190/467.
    Invalidated,
    /// 190/458.
    AppRemoved,
    /// 190/459.
    Checkpoint,
}

pub(crate) struct Code {
    pub app: String,
    pub user: String,
    pub redirect_uri: String,
    pub scopes: Vec<String>,
    pub issued_ms: i64,
    pub is_spent: bool,
}

/// A file on the open web, for attachments by url.
#[derive(Clone, Debug, PartialEq)]
pub enum WebFile {
    /// Can be fetched.
    There(Media),
    /// Takes longer than 75 s.
    Slow(Media),
}

impl Platform {
    pub fn new(chance: Chance) -> Platform {
        Platform {
            chance,
            apps: BTreeMap::new(),
            users: BTreeMap::new(),
            pages: BTreeMap::new(),
            customers: BTreeMap::new(),
            threads: BTreeMap::new(),
            tokens: BTreeMap::new(),
            codes: BTreeMap::new(),
            consents: BTreeMap::new(),
            page_tokens_end: false,
            exchange_ends_old: false,
            files: BTreeMap::new(),
            web: BTreeMap::new(),
            uploads: BTreeMap::new(),
            cursor_age: 0,
            lost_batch_items: Vec::new(),
        }
    }

    /// When the app's access to the user's data lapses, ms: about 90 days after the last consent, whatever its tokens do.
    pub fn data_access_ends_ms(&self, token: &Token) -> Option<i64> {
        let consent = (token.app.clone(), token.owner.user().to_owned());
        self.consents.get(&consent).map(|at_ms| at_ms + 90 * 86_400_000)
    }

    /// The user consents now.
    pub fn consent(&mut self, app: &str, user: &str, now_ms: i64) {
        self.consents.insert((app.to_owned(), user.to_owned()), now_ms);
    }

    pub fn store_file(&mut self, media: Media) -> String {
        let id = self.chance.digits(16);
        self.files.insert(id.clone(), media);
        id
    }

    /// Adds a message to a thread, in its place by time; gives its id.
    pub fn add(&mut self, thread: &str, mut message: Message) -> String {
        message.id = format!("m_{}", self.chance.id(86));
        let id = message.id.clone();
        let Some(thread) = self.threads.get_mut(thread) else { return id };
        if message.is_ours {
            thread.unread = 0;
        } else {
            thread.unread += 1;
            thread.last_inbound_ms = thread.last_inbound_ms.max(Some(message.at_ms));
        }
        let place = thread.messages.partition_point(|other| other.at_ms <= message.at_ms);
        thread.messages.insert(place, message);
        id
    }

    pub fn find(&self, message: &str) -> Option<(&String, &Thread, &Message)> {
        self.threads.iter().find_map(|(id, thread)| {
            Some((id, thread, thread.messages.iter().find(|held| held.id == message)?))
        })
    }

    pub fn find_mut(&mut self, message: &str) -> Option<&mut Message> {
        self.threads
            .values_mut()
            .find_map(|thread| thread.messages.iter_mut().find(|held| held.id == message))
    }
}

impl Thread {
    /// Readable messages, newest first.
    pub fn visible(&self, now_ms: i64) -> impl Iterator<Item = &Message> {
        self.messages.iter().rev().filter(move |message| message.visible_from_ms <= now_ms)
    }

    /// The newest readable message's time, ms. Edits, deletions and reactions do not move it.
    pub fn updated_ms(&self, now_ms: i64) -> Option<i64> {
        self.visible(now_ms).map(|message| message.at_ms).next()
    }
}

impl Message {
    pub fn new(at_ms: i64, is_ours: bool) -> Message {
        Message {
            id: String::new(),
            at_ms,
            visible_from_ms: at_ms,
            is_ours,
            text: None,
            attachments: Vec::new(),
            reply_to: None,
            reactions: Vec::new(),
            app: None,
            metadata: None,
            tag: None,
        }
    }
}

impl Customer {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}
