//! Making apps, Pages and customers, and acting as those people.

use std::collections::VecDeque;

use super::attachment::Attachment;
use super::dialog::{self, Consent};
use super::oauth::{mint, page_token};
use super::platform::{
    App, Customer, Message, Owner, Page, Platform, Profile, Thread, Token, TokenState, User,
};
use super::send::hold;
use crate::media::Media;
use crate::world::World;

/// The simulated Messenger. A cheap handle; [`Messenger::at`] makes one that acts at another time.
#[derive(Clone)]
pub struct Messenger {
    pub(super) world: World,
    at_ms: Option<i64>,
}

/// Everything a user can hold on a Page.
pub(super) const TASKS: [&str; 6] =
    ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"];
/// Everything a Messenger inbox asks for.
pub(super) const SCOPES: [&str; 5] = [
    "pages_show_list",
    "pages_messaging",
    "pages_manage_metadata",
    "pages_read_engagement",
    "public_profile",
];

impl Messenger {
    pub(crate) fn of(world: &World) -> Messenger {
        Messenger { world: world.clone(), at_ms: None }
    }

    /// The same, with everything done through this handle dated `at_ms`.
    pub fn at(&self, at_ms: i64) -> Messenger {
        Messenger { at_ms: Some(at_ms), ..self.clone() }
    }

    pub(super) fn act<T>(&self, act: impl FnOnce(&mut Platform, i64) -> T) -> T {
        self.world.settle();
        let at_ms = self.at_ms.unwrap_or_else(|| self.world.now_ms());
        let done = act(&mut self.world.lock().messenger, at_ms);
        self.world.wake();
        done
    }

    /// An app with Advanced Access. Gives its id and its secret.
    pub fn create_app(&self, name: &str, redirect_uris: &[&str]) -> (String, String) {
        self.act(|platform, _| {
            let (id, secret) = (platform.chance.digits(15), hex::encode(platform.chance.id(16)));
            let app = App {
                secret: secret.clone(),
                name: name.to_owned(),
                redirect_uris: redirect_uris.iter().map(|&uri| uri.to_owned()).collect(),
                requires_proof: false,
                has_human_agent: false,
                is_advanced: true,
                daily_users: 10,
                calls: VecDeque::new(),
            };
            platform.apps.insert(id.clone(), app);
            (id, secret)
        })
    }

    /// A person with a Facebook account who may run Pages. Gives the id.
    pub fn create_user(&self, name: &str) -> String {
        self.act(|platform, _| {
            let id = platform.chance.digits(16);
            platform
                .users
                .insert(id.clone(), User { name: name.to_owned(), pages: Vec::new(), lists_pages: true });
            id
        })
    }

    /// A Page on which `user` holds every task. Gives its id.
    pub fn create_page(&self, user: &str, name: &str, category: &str) -> String {
        self.act(|platform, _| {
            let id = platform.chance.digits(15);
            platform.pages.insert(id.clone(), Page::new(name, category));
            if let Some(user) = platform.users.get_mut(user) {
                user.pages.push((id.clone(), TASKS.map(str::to_owned).to_vec()));
            }
            id
        })
    }

    /// A Page token without an end, as a long user token would give it, with every permission an inbox asks for. Who
    /// makes one by hand consents by that.
    pub fn page_token(&self, app: &str, user: &str, page: &str) -> String {
        self.act(|platform, now_ms| {
            platform.consent(app, user, now_ms);
            let from = Token {
                owner: Owner::User(user.to_owned()),
                app: app.to_owned(),
                scopes: SCOPES.map(str::to_owned).to_vec(),
                issued_ms: now_ms,
                expires_at_ms: None,
                state: TokenState::Valid,
            };
            page_token(platform, &from, page, user, now_ms)
        })
    }

    /// A user token that lives for so many seconds, with these permissions; made by hand, as above.
    pub fn user_token(&self, app: &str, user: &str, scopes: &[&str], lives_s: i64) -> String {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        self.act(|platform, now_ms| {
            platform.consent(app, user, now_ms);
            mint(platform, app, Owner::User(user.to_owned()), scopes, Some(lives_s), now_ms)
        })
    }

    /// Decides the consent dialog behind an authorize address as this user: the address the browser is sent to.
    ///
    /// # Errors
    /// What the dialog's error page says; the browser is then not sent anywhere.
    pub fn decide(&self, authorize_url: &str, user: &str, consent: &Consent) -> Result<String, String> {
        let query = authorize_url.split_once('?').map_or("", |(_, query)| query);
        let params = crate::wire::params(query.split('#').next().unwrap_or_default().as_bytes());
        self.act(|platform, now_ms| dialog::decide(platform, &params, user, consent, now_ms))
            .map_err(str::to_owned)
    }

    /// A customer of a Page, with an empty thread. Gives the page-scoped id, which is also the customer's name in the
    /// calls below.
    pub fn create_customer(&self, page: &str, first_name: &str, last_name: &str) -> String {
        self.act(|platform, _| {
            let psid = platform.chance.digits(16);
            let thread_id = format!("t_{}", platform.chance.digits(15));
            let thread = Thread {
                page: page.to_owned(),
                customer: psid.clone(),
                messages: Vec::new(),
                unread: 0,
                last_inbound_ms: None,
                refusing: None,
                is_poisoned: false,
                typing_until_ms: 0,
            };
            let customer = Customer {
                page: page.to_owned(),
                first_name: first_name.to_owned(),
                last_name: last_name.to_owned(),
                picture: None,
                profile: Profile::Known,
                has_role: false,
                thread: thread_id.clone(),
            };
            platform.threads.insert(thread_id, thread);
            platform.customers.insert(psid.clone(), customer);
            psid
        })
    }

    /// The customer's profile picture.
    pub fn set_picture(&self, customer: &str, picture: Media) {
        self.act(|platform, _| {
            let asset = platform.store_file(picture);
            if let Some(customer) = platform.customers.get_mut(customer) {
                customer.picture = Some(asset);
            }
        });
    }

    fn say(&self, customer: &str, change: impl FnOnce(&mut Platform, &mut Message)) -> String {
        self.act(|platform, at_ms| {
            let thread =
                platform.customers.get(customer).map(|customer| customer.thread.clone()).unwrap_or_default();
            let mut message = Message::new(at_ms, false);
            change(platform, &mut message);
            platform.add(&thread, message)
        })
    }

    /// The customer writes. Gives the message id.
    pub fn write(&self, customer: &str, text: &str) -> String {
        self.say(customer, |_, message| message.text = Some(text.to_owned()))
    }

    /// The customer sends something else, with text beside it if given.
    pub fn send(&self, customer: &str, what: Attachment, text: Option<&str>) -> String {
        self.say(customer, |platform, message| {
            message.attachments.push(hold(platform, what));
            message.text = text.map(str::to_owned);
        })
    }

    /// The customer answers one message.
    pub fn reply(&self, customer: &str, to: &str, text: &str) -> String {
        self.say(customer, |_, message| {
            message.reply_to = Some(to.to_owned());
            message.text = Some(text.to_owned());
        })
    }

    /// Somebody at the Page answers from the phone or the web inbox: no app of ours.
    pub fn write_as_page(&self, customer: &str, text: &str) -> String {
        self.say(customer, |_, message| {
            message.is_ours = true;
            message.text = Some(text.to_owned());
        })
    }

    /// Somebody at the Page sends something else from the phone.
    pub fn send_as_page(&self, customer: &str, what: Attachment) -> String {
        self.say(customer, |platform, message| {
            message.is_ours = true;
            message.attachments.push(hold(platform, what));
        })
    }

    /// The customer reacts (`love`, `like`, `haha` …), or takes it back with `None`. Moves no time.
    pub fn react(&self, customer: &str, message: &str, reaction: Option<&str>) {
        self.act(|platform, _| {
            let Some(held) = platform.find_mut(message) else { return };
            held.reactions.retain(|(_, user)| user != customer);
            if let Some(reaction) = reaction {
                held.reactions.push((reaction.to_owned(), customer.to_owned()));
            }
        });
    }

    /// The customer edits a message. Moves no time.
    pub fn edit(&self, message: &str, text: &str) {
        self.act(|platform, _| {
            if let Some(held) = platform.find_mut(message) {
                held.text = Some(text.to_owned());
            }
        });
    }

    /// A message is unsent: it is gone. Moves no time, unless it was the newest.
    pub fn unsend(&self, message: &str) {
        self.act(|platform, _| {
            for thread in platform.threads.values_mut() {
                thread.messages.retain(|held| held.id != message);
            }
        });
    }
}
