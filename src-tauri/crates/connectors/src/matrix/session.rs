//! A signed-in account: the glue between calls and pure mapping.

use super::cursor::{PageCursor, SyncCursor};
use super::media::{self, UploadLimit};
use super::rooms::Rooms;
use super::server::{Call, Server};
use super::wire::{self, Page, Raw, Sent, Sync};
use super::{find, inbound, outbound};
use bytes::Bytes;
use connect::http::{FIRST_SYNC, PAGE, SMALL};
use connect::transport::Bounds;
use connect::{Clock, Fault, FaultKind, Pulled, Receipt, Refusal, Session};
use http::{Method, Response};
use model::attachment::MediaRef;
use model::remote::{Outgoing, RemoteOp};
use model::{OpId, RemoteId, Timestamp};
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// Messages per page of history.
const PAGE_SIZE: u32 = 100;
/// Bounds of an incremental sync beside its long poll: a month away brings a lot.
const SYNC: Bounds = Bounds { timeout: Duration::from_secs(120), cap_bytes: 64 << 20 };
/// When a server answers a long poll at once with nothing, it is not asked again at once.
const IDLE: Duration = Duration::from_secs(5);

const UNPOISONED: &str = "no holder of a session's locks panics";

/// A signed-in Matrix account.
pub struct MatrixSession {
    server: Server,
    clock: Arc<dyn Clock>,
    rooms: Mutex<Rooms>,
    /// Where the last sync ended: whoever goes on from there has stored what it told.
    told_up_to: Mutex<Option<String>>,
    upload_limit: UploadLimit,
    /// Files uploaded for messages that have not been sent yet: trying again does not upload again.
    uploads: Mutex<HashMap<OpId, String>>,
}

impl MatrixSession {
    /// A session of the account `me`.
    pub fn new(server: Server, clock: Arc<dyn Clock>, me: &str) -> Self {
        let rooms = Mutex::new(Rooms::new(me, []));
        let (upload_limit, told_up_to, uploads) = Default::default();
        Self { server, clock, rooms, told_up_to, upload_limit, uploads }
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().expect(UNPOISONED)
    }

    fn me(&self) -> String {
        self.rooms().me().to_owned()
    }

    /// Now by the server's clock, since ours may be wrong by days; by ours if it does not say.
    fn server_now(&self, answer: &Response<Bytes>) -> Timestamp {
        let date = answer.headers().get(http::header::DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        date.map_or_else(|| self.clock.now(), |date| Timestamp(date.as_millisecond()))
    }

    /// Asks for a room's state. A room that is closed to us stays as little known as it was.
    async fn learn(&self, room: &str) -> Result<(), Fault> {
        let answer = match self.server.call(&outbound::state(room), PAGE).await {
            Ok(answer) => answer,
            Err(fault) if is_final(&fault) => {
                self.rooms().give_up(room);
                return Ok(());
            }
            Err(fault) => return Err(fault),
        };
        match wire::parse::<Vec<Raw<'_>>>(answer.body()) {
            Ok(state) => self.rooms().absorb_state(room, &state),
            Err(_) => self.rooms().give_up(room),
        }
        Ok(())
    }

    async fn learn_direct(&self) -> Result<(), Fault> {
        let call = outbound::direct(&self.me());
        match self.server.call(&call, PAGE).await {
            Ok(answer) => drop(self.rooms().set_direct(wire::parse(answer.body()).ok())),
            Err(fault) if is_final(&fault) => drop(self.rooms().set_direct(None)),
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    /// Whether plain text would leak here. Asked of the server if this session has not seen the room's state.
    async fn is_encrypted(&self, room: &str) -> Result<bool, Fault> {
        let known =
            self.rooms().get(room).filter(|room| room.is_known || room.is_encrypted).map(|r| r.is_encrypted);
        if let Some(is_encrypted) = known {
            return Ok(is_encrypted);
        }
        match self.server.call(&outbound::encryption(room), SMALL).await {
            Ok(answer) => wire::parse::<Raw<'_>>(answer.body()).map(|_| true),
            Err(fault) if fault.kind == FaultKind::Refused(Refusal::NotFound) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    async fn send(&self, message: &Outgoing) -> Result<Receipt, Fault> {
        if self.is_encrypted(message.conversation.as_str()).await? {
            let kind = FaultKind::Refused(Refusal::Encrypted);
            return Err(Fault::not_done(kind, "plain text is not sent to an encrypted room"));
        }
        let uploaded = match &message.file {
            Some(file) => Some(self.uploaded(message.op_id, file).await?),
            None => None,
        };
        let answer = self.server.call(&outbound::send(message, uploaded.as_deref()), SMALL).await?;
        self.uploads.lock().expect(UNPOISONED).remove(&message.op_id);
        connect::http::refuse_page(answer.body())?;
        // A success that cannot be read is a success all the same; the engine then looks for the message.
        let sent: Sent = wire::parse(answer.body()).unwrap_or_default();
        Ok(Receipt { remote_id: sent.event_id.filter(|id| super::ids::is_sound(id)).map(RemoteId) })
    }

    async fn uploaded(&self, op: OpId, file: &model::remote::OutgoingFile) -> Result<String, Fault> {
        let known = self.uploads.lock().expect(UNPOISONED).get(&op).cloned();
        if let Some(uri) = known {
            return Ok(uri);
        }
        let uri = media::upload(&self.server, &self.upload_limit, file).await?;
        self.uploads.lock().expect(UNPOISONED).insert(op, uri.clone());
        Ok(uri)
    }

    /// Joins; then, as far as that succeeds, lists the room as direct, so that other clients of the brand see it so.
    async fn accept(&self, room: &str) -> Result<Receipt, Fault> {
        self.server.call(&outbound::join(room), SMALL).await?;
        if let Err(fault) = self.list_as_direct(room).await {
            tracing::debug!(%fault, "joined, but not listed as direct");
        }
        Ok(Receipt::default())
    }

    async fn list_as_direct(&self, room: &str) -> Result<(), Fault> {
        self.learn(room).await?;
        let me = self.me();
        let customer = self.rooms().get(room).map(|known| known.customer(&me, &[]));
        let Some(super::who::Customer::One(user)) = customer else { return Ok(()) };
        let current = match self.server.call(&outbound::direct(&me), PAGE).await {
            Ok(answer) => connect::http::json(answer.body())?,
            Err(fault) if fault.kind == FaultKind::Refused(Refusal::NotFound) => serde_json::Map::new(),
            Err(fault) => return Err(fault),
        };
        if let Some(call) = outbound::add_direct(&me, current, &user, room) {
            self.server.call(&call, SMALL).await?;
        }
        Ok(())
    }
}

/// Whether asking again would bring the same.
fn is_final(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Refused(_) | FaultKind::Malformed | FaultKind::Unsupported)
}

#[async_trait::async_trait]
impl Session for MatrixSession {
    async fn pull(&self, from: Option<&str>, wait: Duration) -> Result<Pulled, Fault> {
        let cursor = from.map(SyncCursor::read).transpose()?;
        let since = cursor.as_ref().map(|cursor| cursor.since.as_str());
        let (bounds, wait) = match since {
            None => (FIRST_SYNC, Duration::ZERO),
            Some(_) => (Bounds { timeout: SYNC.timeout + wait, ..SYNC }, wait),
        };
        let began_at = self.clock.now();
        let answer =
            self.server.call(&outbound::sync(since, wait.as_millis()), bounds).await.map_err(|fault| {
                let is_lost = since.is_some() && fault.kind == FaultKind::Refused(Refusal::Other);
                if is_lost { Fault::not_done(FaultKind::CursorLost, fault.detail) } else { fault }
            })?;
        let news: Sync<'_> = wire::parse(answer.body())?;
        let Some(next_batch) = news.next_batch.clone() else {
            return Err(Fault::not_done(FaultKind::Malformed, "sync without a position"));
        };
        // Taken until the facts are handed out: a pull that ends on the way has told nothing.
        let told_up_to = self.told_up_to.lock().expect(UNPOISONED).take();
        let is_continued = since.is_some() && told_up_to.as_deref() == since;
        let (touched, lacking, knows_direct) = {
            let mut rooms = self.rooms();
            match &cursor {
                None => *rooms = Rooms::new(rooms.me(), rooms.bots().clone()),
                Some(cursor) => rooms.learn_bots(&cursor.bots),
            }
            let touched = rooms.absorb(&news, cursor.is_none(), is_continued);
            (touched, rooms.lacking(&news), rooms.knows_direct())
        };
        if !knows_direct && !lacking.is_empty() {
            self.learn_direct().await?;
        }
        let mut touched = touched;
        for room in lacking {
            self.learn(&room).await?;
            touched.conversations.insert(room);
        }
        let order = cursor.as_ref().map_or(0, |cursor| cursor.order);
        let moment = inbound::Moment { now: self.server_now(&answer), since, order };
        let rooms = self.rooms();
        let batch = inbound::sync(&rooms, &news, &touched, moment);
        let is_idle = wait > Duration::ZERO && since == Some(next_batch.as_str()) && batch.events.is_empty();
        let came_early = self.clock.now().since(began_at) * 2 < wait;
        let next = SyncCursor {
            since: next_batch,
            order: batch.order,
            bots: rooms.bots().iter().cloned().collect(),
        };
        *self.told_up_to.lock().expect(UNPOISONED) = Some(next.since.clone());
        Ok(Pulled {
            events: batch.events,
            problems: batch.problems,
            next: Some(next.write()),
            again_after: if is_idle && came_early { IDLE } else { Duration::ZERO },
            held_up: None,
        })
    }

    async fn history(&self, conversation: &RemoteId, before: Option<&str>) -> Result<Pulled, Fault> {
        let cursor = before.map(PageCursor::read).transpose()?.unwrap_or_default();
        let room = conversation.as_str();
        // Without the room's state the brand's own ghost would pass for a customer.
        if self.rooms().get(room).is_none_or(|room| !room.is_known) {
            self.learn(room).await?;
        }
        let call = outbound::messages(room, cursor.from.as_deref(), cursor.to.as_deref(), PAGE_SIZE);
        let answer = self.server.call(&call, PAGE).await?;
        let page: Page<'_> = wire::parse(answer.body())?;
        let batch = inbound::page(&self.rooms(), room, &page, self.server_now(&answer), cursor.order);
        // A server that hands the same position out again would be asked for ever.
        let end = page.end.clone().filter(|end| cursor.from.as_ref() != Some(end));
        let next = end.map(|end| PageCursor { from: Some(end), to: cursor.to, order: batch.order }.write());
        Ok(Pulled { events: batch.events, problems: batch.problems, next, ..Pulled::default() })
    }

    async fn perform(&self, op: &RemoteOp) -> Result<Receipt, Fault> {
        match op {
            RemoteOp::Send(message) => self.send(message).await,
            RemoteOp::MarkRead { conversation, up_to, is_public } => {
                let call = outbound::mark_read(conversation.as_str(), up_to.as_str(), *is_public);
                self.server.call(&call, SMALL).await.map(|_| Receipt::default())
            }
            RemoteOp::Accept { conversation } => self.accept(conversation.as_str()).await,
        }
    }

    async fn find_sent(&self, sent: &Outgoing, taken: &[RemoteId]) -> Result<Option<RemoteId>, Fault> {
        let call = outbound::messages(sent.conversation.as_str(), None, None, 50);
        let answer = self.server.call(&call, PAGE).await?;
        let page: Page<'_> = wire::parse(answer.body())?;
        Ok(find::find(&page, &self.me(), sent, taken))
    }

    async fn fetch(&self, file: &MediaRef, max_bytes: u64) -> Result<(Bytes, Option<String>), Fault> {
        media::fetch(&self.server, &file.source, max_bytes).await
    }

    async fn sign_out(&self) -> Result<(), Fault> {
        let call = Call::write(Method::POST, "/_matrix/client/v3/logout", &json!({}));
        match self.server.call(&call, SMALL).await {
            // Nothing is left to end.
            Err(fault) if fault.kind == FaultKind::SignInAgain => Ok(()),
            answer => answer.map(|_| ()),
        }
    }
}
