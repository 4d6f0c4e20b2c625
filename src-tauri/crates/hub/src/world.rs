//! A hand in the sandbox's world (`--world`): causes the trouble that a platform can cause, and reads what it really holds.
//! For developing and for browser tests; the window has nothing like it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use sandbox::World;
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// The newest world that was made.
pub type Hand = Arc<Mutex<Option<World>>>;

/// What `--world` adds.
pub fn routes(hand: Hand) -> Router {
    Router::new().route("/world/{deed}", post(act)).with_state(hand)
}

/// Does one thing; the answer is what came of it, or 404 where there is no such thing to do.
async fn act(
    State(hand): State<Hand>,
    Path(deed): Path<String>,
    Json(what): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    let world = hand.lock().expect("no holder of the world panics").clone();
    let done = world.and_then(|world| world.meddle(&deed, &what));
    done.map(Json).ok_or(StatusCode::NOT_FOUND)
}
