//! Reading lists from Graph: which fields, how much at once, and what to do when that was too much.

use super::errors::Failure;
use super::lenient::List;
use super::session::PageSession;
use super::view::View;
use super::wire::{Message, Thread};
use connect::http::PAGE;

/// Everything of a message that we can show (Graph API reference, Message).
const FULL: &str = "id,message,created_time,from{id,name},to{id,name},\
    attachments{id,name,mime_type,size,image_data,video_data,file_url,generic_template},\
    shares{id,link,name,description},story,reply_to,reactions,is_unsupported,sticker";
/// What every token and version gives: one greedy field without its permission fails a whole query.
const LEAN: &str = "id,message,created_time,from{id,name},attachments{id,name,mime_type,size,image_data,video_data,file_url}";

/// Threads per page and messages shown of each (0 = none), from the ordinary reach down: a thread that Graph itself
/// cannot read fails every page it is on, and so does a page that is too heavy.
const LADDER: [(usize, usize); 5] = [(25, 5), (6, 5), (25, 0), (6, 0), (1, 0)];
/// Good pages before a step up again.
const GOOD_PAGES: u32 = 30;

/// How much we dare to ask for, learnt from answers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reach {
    rung: usize,
    good_pages: u32,
    is_lean: bool,
}

impl Reach {
    fn succeed(&mut self) {
        self.good_pages += 1;
        if self.rung > 0 && self.good_pages >= GOOD_PAGES {
            *self = Self { rung: self.rung - 1, good_pages: 0, ..*self };
        }
    }

    /// The next thing to try after a failure; false if there is none.
    fn adapt(&mut self, failure: &Failure, asked: Reach) -> bool {
        if !asked.is_lean && is_about_fields(failure) {
            self.is_lean = true;
            return true;
        }
        if !failure.asks_for_less() {
            return false;
        }
        let is_last = asked.rung + 1 == LADDER.len();
        *self = Self { rung: if is_last { 0 } else { asked.rung + 1 }, good_pages: 0, ..*self };
        !is_last
    }
}

fn is_about_fields(failure: &Failure) -> bool {
    failure.code == Some(10) || (failure.is_bad_parameter() && failure.text.contains("field"))
}

impl PageSession {
    /// One page of the Page's threads, newest change first, and how many messages of each it shows. An empty `after`
    /// is the first page. Asks for less until Graph can answer.
    pub(super) async fn list(&self, after: &str) -> Result<(List<Thread>, Shown), Failure> {
        loop {
            let asked = self.reach();
            let (limit, shown) = LADDER[asked.rung];
            let mut fields = "id,updated_time,participants{id,name}".to_owned();
            if !asked.is_lean {
                fields.push_str(",unread_count");
            }
            if shown > 0 {
                fields.push_str(&format!(",messages.limit({shown}){{{}}}", asked.message_fields()));
            }
            let limit = limit.to_string();
            let mut query = vec![("platform", "messenger"), ("fields", &fields), ("limit", &limit)];
            if !after.is_empty() {
                query.push(("after", after));
            }
            match self.graph.get(&[&self.page, "conversations"], &query, PAGE).await {
                Ok(list) => {
                    self.change_reach(Reach::succeed);
                    return Ok((list, Shown { count: shown, is_lean: asked.is_lean }));
                }
                Err(failure) => {
                    if !self.change_reach(|reach| reach.adapt(&failure, asked)) {
                        return Err(failure);
                    }
                }
            }
        }
    }

    /// A page of one thread's messages, newest first.
    pub(super) async fn view(&self, thread: &str, after: &str, limit: usize) -> Result<View, Failure> {
        let mut limit = limit;
        loop {
            let asked = self.reach();
            let text = limit.to_string();
            let mut query = vec![("fields", asked.message_fields()), ("limit", &text)];
            if !after.is_empty() {
                query.push(("after", after));
            }
            match self.graph.get::<List<Message>>(&[thread, "messages"], &query, PAGE).await {
                Ok(list) => return Ok(View { is_lean: asked.is_lean, ..View::of(list, limit) }),
                Err(failure) if failure.asks_for_less() && limit > 3 => limit /= 4,
                Err(failure) if !asked.is_lean && is_about_fields(&failure) => {
                    self.change_reach(|reach| reach.is_lean = true);
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// One message with all its fields.
    pub(super) async fn message(&self, id: &str) -> Result<Message, Failure> {
        self.graph.get(&[id], &[("fields", self.reach().message_fields())], PAGE).await
    }
}

/// How the messages inside a list were asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    /// At most so many of each thread; 0 = none asked for.
    pub count: usize,
    /// With few fields.
    pub is_lean: bool,
}

impl Reach {
    fn message_fields(self) -> &'static str {
        if self.is_lean { LEAN } else { FULL }
    }
}
