//! The demo.
use crate::world::World;
use bytes::Bytes;
use http::Request;
pub(crate) struct Day;
pub(crate) fn people(_: &World) {}
pub(crate) async fn live(_: &World) {
    std::future::pending::<()>().await
}
pub(crate) fn notice(_: &World, _: &str, _: &Request<Bytes>, _: i64) {}
