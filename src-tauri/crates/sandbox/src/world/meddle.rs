//! Meddling from outside, as text: what a host for developing lets a browser test do to the world.

use serde_json::{Value, json};

use super::{Credential, World};
use crate::brand_day;
use crate::faults::{Match, Mishap};

impl World {
    /// Does one thing that a platform or fate can do; gives what came of it, or none where there is no such thing.
    ///
    /// `revoke {page}` · `token {page}` · `lapse {page, days}`, when its owner's consent ends · `end_sessions {host, user}` · `arrange {method, path, body, mishap, times}` ·
    /// `arrange_nothing` · `count_arranged`, mishaps that have not happened yet · `count_sent {page, text}`, how often the Page's customers hold this reply ·
    /// A customer of the demo, by the handle, `{customer, text}`: `write` · `quote`, the brand's newest message · `react` to it, with an emoji · `edit` or `unsend` their
    /// own newest · `show`, a picture · `hand_over`, a file of this name · `read`. `is_seen {customer}`,
    /// whether they see that their newest message was read.
    pub fn meddle(&self, deed: &str, what: &Value) -> Option<Value> {
        let text = |name: &str| what[name].as_str().unwrap_or_default();
        let messenger = self.messenger();
        match deed {
            "revoke" => messenger.revoke_tokens_of(text("page")),
            "lapse" => messenger.lapse_data_access_in(text("page"), what["days"].as_i64()?),
            "token" => return self.fresh_token(text("page")),
            "end_sessions" => self.matrix(text("host")).end_sessions(text("user")),
            "arrange" => {
                let matching = Match::any().method(text("method")).path(text("path")).body(text("body"));
                let times = what["times"].as_u64().and_then(|times| u32::try_from(times).ok()).unwrap_or(1);
                self.arrange(matching, mishap(text("mishap"), what)?, times);
            }
            "arrange_nothing" => self.arrange_nothing(),
            "count_arranged" => return Some(json!(self.lock().book.count_arranged())),
            "count_sent" => {
                let customers = messenger.customers_of(text("page"));
                let counts = customers.iter().map(|customer| messenger.count_sent(customer, text("text")));
                return Some(json!(counts.sum::<usize>()));
            }
            "is_seen" => return brand_day::is_seen(self, text("customer")).map(Value::from),
            _ => brand_day::lead(self, text("customer"), deed, text("text"))?,
        }
        // Whoever waits for news learns of it at once, not when something else happens.
        self.wake();
        Some(Value::Null)
    }

    /// A token of a Page, as its owner would get a new one.
    fn fresh_token(&self, page: &str) -> Option<Value> {
        let known = self.practice().into_iter().find_map(|account| match account.credential {
            Credential::PageToken { page_id, app_id, app_secret, .. } if page_id == page => {
                Some((app_id, app_secret))
            }
            _ => None,
        });
        let (app, secret) = known?;
        let owner = self.messenger().owner_of(page)?;
        let token = self.messenger().page_token(&app, &owner, page);
        Some(json!({ "token": token, "appSecret": secret }))
    }
}

fn mishap(name: &str, what: &Value) -> Option<Mishap> {
    let kind = std::io::ErrorKind::ConnectionReset;
    Some(match name {
        "refuse" => Mishap::Refuse,
        "break_before" => Mishap::BreakBefore { after_ms: 0, kind },
        "lose_answer" => Mishap::LoseAnswer { kind },
        "answer" => Mishap::Answer {
            status: u16::try_from(what["status"].as_u64()?).ok()?,
            mime: "application/json".into(),
            body: what["answer"].to_string(),
        },
        _ => return None,
    })
}
