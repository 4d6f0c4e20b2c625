//! The stage for Messenger: one app, one Page, a pasted Page token.

use super::stage::{Customer, Scene};
use bytes::Bytes;
use model::RemoteId;
use sandbox::{Attachment, Match, Media, Messenger, TokenState, World};

struct Page {
    messenger: Messenger,
    page: String,
    token: String,
    app_secret: String,
}

pub fn scene(world: &World) -> Box<dyn Scene> {
    let messenger = world.messenger();
    let (app, app_secret) = messenger.create_app("Shop inbox", &[]);
    let user = messenger.create_user("Owner");
    let page = messenger.create_page(&user, "Shop", "Retail");
    let token = messenger.page_token(&app, &user, &page);
    Box::new(Page { messenger, page, token, app_secret })
}

impl Scene for Page {
    fn method(&self) -> &'static str {
        "token"
    }

    fn typed(&self, is_right: bool) -> Vec<(&'static str, String)> {
        let token = if is_right { self.token.clone() } else { "EAAnotthistoken".into() };
        vec![("token", token), ("app_secret", self.app_secret.clone())]
    }

    fn customer(&self, name: &str) -> Customer {
        let psid = self.messenger.create_customer(&self.page, name, "Becker");
        let thread = self.messenger.thread_of(&psid).unwrap();
        Customer { conversation: RemoteId(thread), recipient: Some(RemoteId(psid.clone())), handle: psid }
    }

    fn write(&self, from: &Customer, text: &str, at_ms: i64) -> RemoteId {
        RemoteId(self.messenger.at(at_ms).write(&from.handle, text))
    }

    fn send_file(&self, from: &Customer, file: Media) {
        self.messenger.send(&from.handle, Attachment::File(file), None);
    }

    fn said_to(&self, customer: &Customer) -> Vec<String> {
        let said = self.messenger.messages_in(&customer.handle).into_iter();
        said.filter(|held| held.is_ours).map(|held| held.text.unwrap_or_default()).collect()
    }

    fn file_sent_to(&self, customer: &Customer) -> Option<Bytes> {
        let said = self.messenger.messages_in(&customer.handle).into_iter().rev();
        let mut files = said.filter(|held| held.is_ours).flat_map(|held| held.attachments);
        match files.next()? {
            Attachment::File(media) | Attachment::Image(media) => Some(media.bytes()),
            other => panic!("not the kind of file that was sent: {other:?}"),
        }
    }

    fn sending(&self) -> Match {
        Match::any().method("POST").path("/messages")
    }

    fn pulling(&self) -> Match {
        Match::any().method("GET").path("/conversations")
    }

    fn revoke(&self) {
        self.messenger.set_token_state(&self.token, TokenState::PasswordChanged);
    }

    fn gives_op_ids_back(&self) -> bool {
        false
    }
}
