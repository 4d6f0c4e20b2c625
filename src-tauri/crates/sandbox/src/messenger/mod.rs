//! Facebook Messenger.
use crate::wire::Answer;
use crate::world::{Chance, World};
use bytes::Bytes;
use http::Request;
use std::io;
pub(crate) struct Platform {
    pub chance: Chance,
}
impl Platform {
    pub fn new(chance: Chance) -> Platform {
        Platform { chance }
    }
}
/// Handle.
#[derive(Clone)]
pub struct Messenger {
    world: World,
}
impl Messenger {
    pub(crate) fn of(world: &World) -> Messenger {
        Messenger { world: world.clone() }
    }
}
pub(crate) fn is_ours(host: &str) -> bool {
    host.ends_with("facebook.com")
}
pub(crate) fn answer(_: &World, _: &str, _: &Request<Bytes>, _: i64) -> io::Result<Answer> {
    Err(io::ErrorKind::ConnectionRefused.into())
}
