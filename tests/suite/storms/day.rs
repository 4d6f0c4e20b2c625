//! The day: customers write, edit, delete and react, machines fail, tokens end, Kontor crashes.

use super::decisions::Reply;
use super::town::{self, Customer, Desk, Login};
use super::{truth, weather};
use crate::support::Office;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use sandbox::{Faults, Match, Mishap};
use std::collections::BTreeSet;

pub struct Day {
    office: Option<Office>,
    pub desks: Vec<Desk>,
    pub customers: Vec<Customer>,
    pub replies: Vec<Reply>,
    /// Tags of messages that their authors took back.
    pub deleted: BTreeSet<String>,
    pub rng: SmallRng,
    /// For tags and names.
    count: u32,
    tells: bool,
}

/// Deeper than this nobody changes what was said: Graph tells of silent changes only near the end of a thread.
const CHANGEABLE: usize = 6;
/// Messages after the first silent change of a thread, for the same reason.
const AFTER_A_CHANGE: u32 = 8;

impl Day {
    pub async fn begin(seed: u64, tells: bool) -> Self {
        let office = Office::open(seed).await;
        let desks = town::connect(&office).await;
        let (customers, replies, deleted) = Default::default();
        let rng = SmallRng::seed_from_u64(seed);
        let mut day = Self { office: Some(office), desks, customers, replies, deleted, rng, count: 0, tells };
        for desk in 0..day.desks.len() {
            for _ in 0..day.rng.random_range(1..4) {
                day.stranger_writes(desk);
            }
        }
        day.office().pass(60).await;
        day
    }

    pub fn office(&self) -> &Office {
        self.office.as_ref().expect("there is an office but while it restarts")
    }

    pub fn tell(&self, what: impl FnOnce() -> String) {
        if self.tells {
            eprintln!(
                "{:>8.1} s  {}",
                (self.office().now().0 - crate::support::START.0) as f64 / 1000.0,
                what()
            );
        }
    }

    pub fn unique(&mut self, words: &str) -> String {
        self.count += 1;
        format!("#{} {words}", self.count)
    }

    pub async fn pass_through_the_storm(&mut self) {
        for _ in 0..self.rng.random_range(60..120) {
            self.something_happens().await;
            let wait_ms = match self.rng.random_range(0..20) {
                0..9 => self.rng.random_range(0..3_000),
                9..17 => self.rng.random_range(3_000..40_000),
                _ => self.rng.random_range(40_000..400_000),
            };
            tokio::time::sleep(std::time::Duration::from_millis(wait_ms)).await;
        }
    }

    async fn something_happens(&mut self) {
        match self.rng.random_range(0..100) {
            0..24 => self.customer_writes(),
            24..26 => {
                let desk = self.rng.random_range(0..self.desks.len());
                self.stranger_writes(desk);
            }
            26..32 => self.customer_changes_words(),
            32..36 => self.customer_reacts(),
            36..55 => self.reply().await,
            55..59 => self.undo().await,
            59..63 => self.mark().await,
            63..66 => self.read_or_write_elsewhere(),
            66..73 => self.decide_undelivered().await,
            73..76 => self.crash().await,
            76..79 => self.crash_while_sending().await,
            79..81 => self.lose_a_sign_in(),
            81..86 => self.sign_in_again().await,
            86..91 => self.weather_changes(),
            91..95 => {
                let (at, mishap) = weather::on_a_send(&mut self.rng);
                self.tell(|| format!("the next send meets {mishap:?}"));
                self.office().world.arrange(at, mishap, 1);
            }
            95..97 => self.burst_while_offline().await,
            _ => self.platform_has_moods(),
        }
    }

    fn any_customer(&mut self) -> usize {
        self.rng.random_range(0..self.customers.len())
    }

    fn stranger_writes(&mut self, desk: usize) {
        self.count += 1;
        let customer = self.desks[desk].customer(self.office(), self.count, desk);
        self.customers.push(customer);
        self.says(self.customers.len() - 1);
    }

    fn customer_writes(&mut self) {
        let who = self.any_customer();
        for _ in 0..self.rng.random_range(1..4) {
            self.says(who);
        }
    }

    fn says(&mut self, who: usize) {
        if !self.has_room(who) {
            return;
        }
        let text = self.unique(
            ["Hello?", "Grüß Gott 👋", "any news\non this?", "Danke!"].choose(&mut self.rng.clone()).unwrap(),
        );
        let customer = &self.customers[who];
        self.tell(|| format!("{} writes {text:?}", customer.name));
        match &self.desks[customer.desk].login {
            Login::Matrix { .. } => drop(self.office().matrix().write(&customer.place, &customer.id, &text)),
            Login::Page { .. } => drop(self.office().messenger().write(&customer.id, &text)),
        }
    }

    /// Whether another message leaves the silent changes of a thread where the connector can see them.
    pub fn has_room(&mut self, who: usize) -> bool {
        match &mut self.customers[who].room_left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => true,
        }
    }

    fn recent(&self, who: usize) -> Vec<truth::Held> {
        let customer = &self.customers[who];
        let mut held = truth::held(self.office(), &self.desks[customer.desk], customer);
        held.split_off(held.len().saturating_sub(CHANGEABLE))
    }

    fn will_change_silently(&mut self, who: usize) {
        let customer = &mut self.customers[who];
        if !self.desks[customer.desk].is_matrix() && customer.room_left.is_none() {
            customer.room_left = Some(AFTER_A_CHANGE);
        }
    }

    fn customer_changes_words(&mut self) {
        let who = self.any_customer();
        let theirs: Vec<_> = self.recent(who).into_iter().filter(|held| !held.is_ours).collect();
        let Some(held) = theirs.choose(&mut self.rng) else { return };
        self.will_change_silently(who);
        // Graph shows a thread without any message to nobody: that the last one went cannot be seen.
        let is_edit = self.rng.random_bool(0.6) || theirs.len() < 2;
        let (tag, number) = (truth::tag(&held.text).to_owned(), self.rng.random_range(0..1000));
        let text = format!("{tag} better words {number}");
        let (customer, office) = (&self.customers[who], self.office());
        self.tell(|| format!("{} {} {tag}", customer.name, if is_edit { "edits" } else { "takes back" }));
        match (&self.desks[customer.desk].login, is_edit) {
            (Login::Matrix { .. }, true) => {
                drop(office.matrix().edit(&customer.place, &customer.id, &held.id, &text))
            }
            (Login::Matrix { .. }, false) => {
                drop(office.matrix().redact(&customer.place, &customer.id, &held.id))
            }
            (Login::Page { .. }, true) => office.messenger().edit(&held.id, &text),
            (Login::Page { .. }, false) => office.messenger().unsend(&held.id),
        }
        if !is_edit {
            self.deleted.insert(tag);
        }
    }

    fn customer_reacts(&mut self) {
        let who = self.any_customer();
        let recent = self.recent(who);
        let Some(held) = recent.choose(&mut self.rng) else { return };
        self.will_change_silently(who);
        let (word, key) = [("love", "❤️"), ("like", "👍"), ("wow", "😮")][self.rng.random_range(0..3)];
        let (customer, office) = (&self.customers[who], self.office());
        self.tell(|| format!("{} reacts to {} (or takes it back)", customer.name, truth::tag(&held.text)));
        match (&self.desks[customer.desk].login, held.reactions.first()) {
            (Login::Matrix { .. }, Some(reaction)) => {
                office.matrix().redact(&customer.place, &customer.id, reaction);
            }
            (Login::Matrix { .. }, None) => {
                drop(office.matrix().react(&customer.place, &customer.id, &held.id, key))
            }
            (Login::Page { .. }, Some(_)) => office.messenger().react(&customer.id, &held.id, None),
            (Login::Page { .. }, None) => office.messenger().react(&customer.id, &held.id, Some(word)),
        }
    }

    fn read_or_write_elsewhere(&mut self) {
        let who = self.any_customer();
        if !self.has_room(who) {
            return;
        }
        let (text, is_read) = (self.unique("from the phone"), self.rng.random_bool(0.4));
        let (customer, office) = (&self.customers[who], self.office());
        self.tell(|| format!("elsewhere: {} {text}", customer.name));
        match &self.desks[customer.desk].login {
            Login::Matrix { user, .. } if is_read => {
                let newest = office.matrix().newest_event(&customer.place).unwrap();
                office.matrix().read(&customer.place, user, &newest);
            }
            Login::Matrix { user, .. } => drop(office.matrix().write(&customer.place, user, &text)),
            Login::Page { .. } => drop(office.messenger().write_as_page(&customer.id, &text)),
        }
    }

    async fn crash(&mut self) {
        self.tell(|| "CRASH".into());
        let held = self.replies_held().await;
        let office = self.office.take().expect("there is an office");
        self.office = Some(office.crash_and_restart().await);
        self.expect_handed_back(held).await;
    }

    /// Right after a reply was let go, at any point of its way out.
    async fn crash_while_sending(&mut self) {
        self.reply().await;
        let until_sent_ms = 4_990 + self.rng.random_range(0..120) * self.rng.random_range(1..10);
        tokio::time::sleep(std::time::Duration::from_millis(until_sent_ms)).await;
        self.crash().await;
    }

    fn lose_a_sign_in(&mut self) {
        let which = self.rng.random_range(0..self.desks.len());
        self.tell(|| format!("the sign-in of {} ends", self.desks[which].name));
        let (matrix, messenger) = (town::matrix(self.office()), self.office().messenger());
        self.desks[which].lose(&matrix, &messenger);
    }

    async fn sign_in_again(&mut self) {
        let office = self.office.as_ref().expect("there is an office");
        for desk in self.desks.iter_mut().filter(|desk| desk.is_lost) {
            // In a storm this may fail, and is tried again later.
            let _ = desk.sign_in(office).await;
        }
    }

    fn weather_changes(&mut self) {
        let faults =
            if self.rng.random_bool(0.3) { Faults::default() } else { weather::faults(&mut self.rng) };
        self.tell(|| format!("weather: {faults:?}"));
        self.office().world.set_faults(faults);
    }

    async fn burst_while_offline(&mut self) {
        let who = self.any_customer();
        self.tell(|| "offline".into());
        self.office().world.arrange(Match::any(), Mishap::Refuse, 10_000);
        let most = if self.desks[self.customers[who].desk].is_matrix() { 40 } else { 30 };
        for _ in 0..self.rng.random_range(1..most) {
            self.says(who);
            tokio::time::sleep(std::time::Duration::from_millis(self.rng.random_range(1..1_500))).await;
        }
        tokio::time::sleep(std::time::Duration::from_secs(self.rng.random_range(1..200))).await;
        self.office().world.arrange_nothing();
        self.tell(|| "online".into());
    }

    fn platform_has_moods(&mut self) {
        let (matrix, messenger) = (town::matrix(self.office()), self.office().messenger());
        let which = self.rng.random_range(0..self.desks.len());
        let mood = self.rng.random_range(0..3);
        self.tell(|| format!("mood {mood} of {}", self.desks[which].name));
        match (&self.desks[which].login, mood) {
            (Login::Matrix { user, .. }, 0) => matrix.expire_tokens(user, false),
            (Login::Matrix { .. }, 1) => matrix.set_token_lifetime(self.rng.random_range(30..600) * 1000),
            (Login::Matrix { .. }, _) => {
                matrix.set_send_limit(self.rng.random_bool(0.5).then_some((0.2, 3.0)))
            }
            (Login::Page { .. }, 0) => messenger.forget_cursors(),
            (Login::Page { page, .. }, 1) => {
                messenger.set_read_back_lag(page, self.rng.random_range(0..15_000))
            }
            (Login::Page { page, .. }, _) => messenger.set_short_pages(page, self.rng.random_bool(0.5)),
        }
    }

    /// The faults stop, everybody signs in again, and time passes for whatever was to be waited for.
    pub async fn clear_up(&mut self) {
        self.tell(|| "the weather clears".into());
        self.office().world.set_faults(Faults::default());
        self.office().world.arrange_nothing();
        town::matrix(self.office()).set_send_limit(None);
        for desk in &self.desks {
            if let Login::Page { page, .. } = &desk.login {
                self.office().messenger().set_read_back_lag(page, 0);
                self.office().messenger().set_short_pages(page, false);
            }
        }
        self.office().pass(4_000).await; // The longest pause that a platform can ask for, and a little.
        let office = self.office.as_ref().expect("there is an office");
        for desk in self.desks.iter_mut().filter(|desk| desk.is_lost) {
            desk.sign_in(office).await.expect("in calm weather everybody signs in");
        }
        self.office().pass(1_500).await;
    }
}
