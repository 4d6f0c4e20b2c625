//! The app over HTTP, for a browser on this machine: calls, the feed of changes, pictures, and the built UI.

use crate::files::{self, Policy};
use crate::world::Hand;
use api::{ApiError, App, ErrorCode};
use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Largest call, as in the window.
const LARGEST_CALL: usize = 512 << 10;

/// Everything that `hub dev` answers.
pub fn routes(app: App, ui: PathBuf, hand: Option<Hand>) -> Router {
    let policy = Arc::new(Policy { ui });
    Router::new()
        .route("/call/{name}", post(call))
        .route("/changes", get(changes))
        .route("/media/{id}", get(media))
        .with_state(app)
        .merge(hand.map(crate::world::routes).unwrap_or_default())
        .fallback(move |request: Request| {
            let policy = policy.clone();
            async move { files::serve(&policy, request.uri().path()).await }
        })
        .layer(DefaultBodyLimit::max(LARGEST_CALL))
        .layer(middleware::from_fn(only_loopback))
}

/// A page of another site, or one that rebound its name to this machine, gets nothing.
async fn only_loopback(headers: HeaderMap, request: Request, next: Next) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_ours = |text: &str| text.starts_with("127.0.0.1:") || text.starts_with("localhost:");
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let is_own_origin = origin.is_none_or(|origin| origin.strip_prefix("http://") == Some(host));
    if is_ours(host) && is_own_origin {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

async fn call(State(app): State<App>, Path(name): Path<String>, body: Bytes) -> Response {
    let answer = async move {
        let arguments =
            if body.is_empty() { Ok(serde_json::Value::Null) } else { serde_json::from_slice(&body) };
        app.call(&name, arguments.map_err(|_| ApiError::from(ErrorCode::BadCall))?).await
    };
    // A page that is reloaded no longer waits for the answer; what it asked for is done to its end all the same.
    #[expect(clippy::disallowed_methods, reason = "a call must not be torn when its asker goes away")]
    let answer = tokio::spawn(answer);
    match answer.await.unwrap_or_else(|_| Err(ErrorCode::Internal.into())) {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(error)).into_response(),
    }
}

async fn changes(State(app): State<App>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| send_changes(app, socket))
}

async fn send_changes(app: App, mut socket: WebSocket) {
    let mut changes = app.changes();
    loop {
        let change = tokio::select! {
            change = changes.recv() => change,
            // The browser says nothing but goodbye.
            message = socket.recv() => match message { Some(Ok(_)) => continue, _ => return },
        };
        let text = match change {
            Ok(change) => serde_json::to_string(&change).expect("a change is plain JSON"),
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        if socket.send(Message::Text(text.into())).await.is_err() {
            return;
        }
    }
}

/// A browser has six connections to us: pictures that a platform holds back must not keep them all from the calls. The page asks
/// again.
const PICTURE_WAIT: Duration = Duration::from_millis(800);

async fn media(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let is_thumb = query.get("variant").is_some_and(|variant| variant == "thumb");
    let media = tokio::time::timeout(PICTURE_WAIT, app.media(&id, is_thumb)).await;
    match media.ok().flatten() {
        Some(media) => {
            let headers = [
                (header::CONTENT_TYPE, media.mime),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
                (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
            ];
            (headers, media.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
