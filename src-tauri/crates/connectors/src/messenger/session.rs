//! A connected Page: sending, looking for what was sent, fetching files. Reading the inbox is in `pull`.

use super::attachments;
use super::errors::Failure;
use super::graph::Graph;
use super::ids::MediaSource;
use super::inbound;
use super::lenient::List;
use super::list::Reach;
use super::outbound::{self, Outbound};
use super::pull::Pace;
use super::renewal::Renewal;
use super::wire::{Message, Profile, Sent, Thread};
use bytes::Bytes;
use connect::http::{PAGE, SMALL};
use connect::{Certainty, Clock, Dice, Fault, FaultKind, Pulled, Receipt, Refusal, Session, Term};
use model::RemoteId;
use model::attachment::{AttachmentKind, MediaRef};
use model::remote::{Author, Outgoing, RemoteOp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How much earlier than our first attempt a message of ours may seem to be sent: whole seconds, drifting clocks.
const SKEW: Duration = Duration::from_secs(60);
/// Customers remembered for addressing; the rest is looked up.
const MAX_CUSTOMERS: usize = 5000;

/// A connected Page.
pub(super) struct PageSession {
    /// Reading conversations.
    pub graph: Graph,
    /// The Send API, with an allowance of its own: ten a second, as it takes recordings and films.
    sends: Graph,
    /// Profiles and files, which Graph counts apart from conversations.
    files: Graph,
    renewal: Renewal,
    /// The Page's id: us.
    pub page: String,
    pub clock: Arc<dyn Clock>,
    pub dice: Arc<dyn Dice>,
    pub pace: Mutex<Pace>,
    reach: Mutex<Reach>,
    /// Thread → customer: Graph addresses people, the outbox addresses threads.
    customers: Mutex<HashMap<String, String>>,
}

impl PageSession {
    pub(super) fn new(
        graph: Graph,
        (sends, files): (Graph, Graph),
        renewal: Renewal,
        page: String,
        clock: Arc<dyn Clock>,
        dice: Arc<dyn Dice>,
    ) -> Self {
        let (pace, reach, customers) = Default::default();
        Self { graph, sends, files, renewal, page, clock, dice, pace, reach, customers }
    }

    pub(super) fn reach(&self) -> Reach {
        *self.reach.lock().expect("no holder panics")
    }

    pub(super) fn change_reach<T>(&self, change: impl FnOnce(&mut Reach) -> T) -> T {
        change(&mut self.reach.lock().expect("no holder panics"))
    }

    pub(super) fn remember_customer(&self, thread: &Thread) {
        if let Some(id) = inbound::customer(thread, &self.page).and_then(|person| person.id.clone()) {
            let mut customers = self.customers.lock().expect("no holder panics");
            if customers.len() < MAX_CUSTOMERS {
                customers.insert(thread.id.0.clone(), id.0);
            }
        }
    }

    async fn customer(&self, thread: &RemoteId) -> Result<RemoteId, Fault> {
        let known = self.customers.lock().expect("no holder panics").get(thread.as_str()).cloned();
        if let Some(id) = known {
            return Ok(RemoteId(id));
        }
        let fields = [("fields", "id,participants{id,name}")];
        let thread: Thread = self.graph.get(&[thread.as_str()], &fields, SMALL).await.map_err(|failure| {
            // Only looked up: nothing was sent.
            Fault { certainty: Certainty::NotDone, ..failure.fault }
        })?;
        self.remember_customer(&thread);
        let customer = inbound::customer(&thread, &self.page).and_then(|person| person.id.clone());
        customer.map(|id| RemoteId(id.0)).ok_or_else(|| {
            let kind = FaultKind::Refused(Refusal::RecipientUnavailable);
            Fault::not_done(kind, "the thread names no customer")
        })
    }

    async fn post(&self, outbound: Outbound) -> Result<Receipt, Fault> {
        let path = [self.page.as_str(), "messages"];
        let Outbound { content_type, body, bounds } = outbound;
        // A success that cannot be read is a success: its id is found by reading the thread back.
        let sent = self.sends.post::<Sent>(&path, &content_type, body, bounds).await?;
        Ok(Receipt { remote_id: sent.and_then(|sent| sent.message_id).map(|id| RemoteId(id.0)) })
    }

    fn is_sent(&self, message: &Message, sent: &Outgoing) -> bool {
        let from = sent.first_attempt_at.minus(SKEW);
        let is_in_time = message.created_time.is_some_and(|time| time.0 >= from);
        if !is_in_time || inbound::author(message, &self.page) != Some(Author::Us) {
            return false;
        }
        let Some(file) = &sent.file else {
            return normal(message.message.as_deref().unwrap_or_default()) == normal(&sent.body);
        };
        let kind = match outbound::kind(&file.mime) {
            "image" => AttachmentKind::Image,
            "video" => AttachmentKind::Video,
            "audio" => AttachmentKind::Audio,
            _ => AttachmentKind::File,
        };
        attachments::find(message).iter().any(|found| {
            let same_size = found.attachment.size_bytes.is_none_or(|size| size == file.bytes.len() as u64);
            let same_name = found.attachment.name.is_empty() || found.attachment.name == file.name;
            // Pictures are packed again on the way: their size tells nothing.
            found.attachment.kind == kind && (same_size || same_name || kind == AttachmentKind::Image)
        })
    }

    async fn address(&self, source: MediaSource) -> Result<Option<String>, Failure> {
        match source {
            MediaSource::Message { m, i } => {
                let message = self.message(&m).await?;
                Ok(attachments::find(&message).into_iter().nth(i).and_then(|found| found.address))
            }
            MediaSource::Profile { p } => {
                let fields = [("fields", "first_name,last_name,profile_pic")];
                Ok(self.files.get::<Profile>(&[&p], &fields, SMALL).await?.profile_pic)
            }
        }
    }
}

/// What Graph does to a text on the way must not hide it.
fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

#[async_trait::async_trait]
impl Session for PageSession {
    async fn pull(&self, from: Option<&str>, _wait: Duration) -> Result<Pulled, Fault> {
        self.pull_list(from).await
    }

    async fn history(&self, conversation: &RemoteId, before: Option<&str>) -> Result<Pulled, Fault> {
        self.look_back(conversation, before).await
    }

    async fn perform(&self, op: &RemoteOp) -> Result<Receipt, Fault> {
        match op {
            RemoteOp::Send(out) => {
                let recipient = match &out.recipient {
                    Some(recipient) => recipient.clone(),
                    None => self.customer(&out.conversation).await?,
                };
                self.post(outbound::send(out, &recipient)).await
            }
            RemoteOp::MarkRead { conversation, is_public: true, .. } => {
                let recipient = self.customer(conversation).await?;
                self.post(outbound::mark_seen(&recipient)).await.map(|_| Receipt::default())
            }
            // Graph knows no read mark that the customer does not see.
            RemoteOp::MarkRead { is_public: false, .. } => Ok(Receipt::default()),
            RemoteOp::Accept { .. } => Err(Fault::not_done(FaultKind::Unsupported, "no message requests")),
        }
    }

    async fn find_sent(&self, sent: &Outgoing, taken: &[RemoteId]) -> Result<Option<RemoteId>, Fault> {
        let recipient = match &sent.recipient {
            Some(recipient) => recipient.clone(),
            None => self.customer(&sent.conversation).await?,
        };
        // The whole thread in one call; sub-fields that an answer needs, no more.
        let fields = "id,messages.limit(10){id,message,created_time,from{id,name},\
                      attachments{id,name,mime_type,size,image_data,video_data,file_url}}";
        let query = [("platform", "messenger"), ("user_id", recipient.as_str()), ("fields", fields)];
        let threads: List<Thread> =
            self.graph.get(&[&self.page, "conversations"], &query, PAGE).await.map_err(Fault::from)?;
        let mut candidates = threads
            .items
            .iter()
            .flat_map(|thread| &thread.messages.items)
            .filter(|message| taken.iter().all(|taken| taken.as_str() != message.id.0))
            .filter(|message| self.is_sent(message, sent));
        // Two that look like ours: somebody typed the same elsewhere. A person has to look.
        match (candidates.next(), candidates.next()) {
            (Some(message), None) => Ok(Some(RemoteId(message.id.0.clone()))),
            _ => Ok(None),
        }
    }

    async fn fetch(&self, media: &MediaRef, max_bytes: u64) -> Result<(Bytes, Option<String>), Fault> {
        let source = serde_json::from_str(&media.source)
            .map_err(|_| Fault::not_done(FaultKind::Malformed, "not a file of this connector"))?;
        let gone = |why: &str| Fault::not_done(FaultKind::Refused(Refusal::NotFound), why);
        let address = match self.address(source).await {
            Ok(Some(address)) => address,
            Ok(None) => return Err(gone("Graph gives no address")),
            // A profile without consent (230), of another id space (9010) or none at all (100) is everyday noise.
            Err(failure) if matches!(failure.code, Some(230 | 9010 | 100)) => {
                return Err(gone("Graph has it no longer, or not for us"));
            }
            Err(failure) => return Err(failure.fault),
        };
        self.files.download(&address, max_bytes).await
    }

    async fn keep_signed_in(&self) -> Result<Term, Fault> {
        self.renewal.keep_signed_in(&self.graph, &self.files, &self.page).await
    }
}
