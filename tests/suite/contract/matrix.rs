//! The stage for Matrix: one homeserver, one brand.

use super::stage::{Customer, Scene};
use bytes::Bytes;
use model::RemoteId;
use sandbox::{Match, Matrix, Media, World};

const HOST: &str = "matrix.brand.example";
const BRAND: &str = "@brand:brand.example";

struct Homeserver(Matrix);

pub fn scene(world: &World) -> Box<dyn Scene> {
    let matrix = world.matrix(HOST);
    matrix.create_user("brand", "the right password", "Brand");
    Box::new(Homeserver(matrix))
}

impl Scene for Homeserver {
    fn method(&self) -> &'static str {
        "password"
    }

    fn typed(&self, is_right: bool) -> Vec<(&'static str, String)> {
        let password = if is_right { "the right password" } else { "a wrong one" };
        vec![("server", format!("https://{HOST}")), ("user", "brand".into()), ("password", password.into())]
    }

    fn customer(&self, name: &str) -> Customer {
        let user = self.0.create_user(&name.to_lowercase(), "pw", name);
        let room = self.0.direct_room(BRAND, &user);
        Customer { conversation: RemoteId(room), recipient: Some(RemoteId(user.clone())), handle: user }
    }

    fn write(&self, from: &Customer, text: &str, at_ms: i64) -> RemoteId {
        RemoteId(self.0.at(at_ms).write(from.conversation.as_str(), &from.handle, text))
    }

    fn send_file(&self, from: &Customer, file: Media) {
        self.0.send_media(from.conversation.as_str(), &from.handle, file, None);
    }

    fn said_to(&self, customer: &Customer) -> Vec<String> {
        let said = self.0.messages_in(customer.conversation.as_str()).into_iter();
        said.filter(|(sender, _)| sender == BRAND).map(|(_, text)| text).collect()
    }

    fn file_sent_to(&self, customer: &Customer) -> Option<Bytes> {
        let events = self.0.events_in(customer.conversation.as_str());
        let newest =
            events.iter().rev().find(|event| event.sender == BRAND && event.content["url"].is_string())?;
        Some(self.0.media(newest.content["url"].as_str()?)?.bytes())
    }

    fn sending(&self) -> Match {
        Match::any().method("PUT").path("/send/")
    }

    fn pulling(&self) -> Match {
        Match::any().path("/sync")
    }

    fn revoke(&self) {
        self.0.end_sessions(BRAND);
    }

    fn gives_op_ids_back(&self) -> bool {
        true
    }
}
