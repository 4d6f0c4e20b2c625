//! Turning Meta's screws: what tokens, apps, Pages, threads and limits are like.

use super::platform::{App, Owner, Page, Profile, Refusing, Thread, TokenState, WebFile};
use super::script::Messenger;
use crate::media::Media;

impl Messenger {
    fn with_app(&self, app: &str, change: impl FnOnce(&mut App)) {
        self.act(|platform, _| platform.apps.get_mut(app).map(change));
    }

    fn with_page(&self, page: &str, change: impl FnOnce(&mut Page)) {
        self.act(|platform, _| platform.pages.get_mut(page).map(change));
    }

    fn with_thread(&self, customer: &str, change: impl FnOnce(&mut Thread)) {
        self.act(|platform, _| {
            let thread = platform.customers.get(customer).map(|customer| customer.thread.clone())?;
            platform.threads.get_mut(&thread).map(change)
        });
    }

    /// Every token of a Page ends, as when its owner changes the password.
    pub fn revoke_tokens_of(&self, page: &str) {
        self.act(|platform, _| {
            let is_of = |owner: &Owner| matches!(owner, Owner::Page { page: held, .. } if held == page);
            for token in platform.tokens.values_mut().filter(|token| is_of(&token.owner)) {
                token.state = TokenState::PasswordChanged;
            }
        });
    }

    /// Who runs a Page.
    pub fn owner_of(&self, page: &str) -> Option<String> {
        self.act(|platform, _| {
            let runs = |user: &&String| platform.users[*user].pages.iter().any(|(held, _)| held == page);
            platform.users.keys().find(runs).cloned()
        })
    }

    /// What becomes of a token.
    pub fn set_token_state(&self, token: &str, state: TokenState) {
        self.act(|platform, _| platform.tokens.get_mut(token).map(|token| token.state = state));
    }

    /// A token ends in so many seconds.
    pub fn expire_token_in(&self, token: &str, seconds: i64) {
        self.act(|platform, now_ms| {
            platform.tokens.get_mut(token).map(|token| token.expires_at_ms = Some(now_ms + seconds * 1000))
        });
    }

    /// Page tokens made from now on end with the user token they come from. Without it those of long user tokens have no
    /// end, as the document says, though it is not sure of it.
    pub fn set_page_tokens_end(&self, end: bool) {
        self.act(|platform, _| platform.page_tokens_end = end);
    }

    /// Exchanging a token for a longer one ends the old one. The document does not say that it does.
    pub fn set_exchange_ends_old(&self, ends: bool) {
        self.act(|platform, _| platform.exchange_ends_old = ends);
    }

    /// Whoever runs a Page consented to its apps so long ago that their data access lapses in so many days.
    pub fn lapse_data_access_in(&self, page: &str, days: i64) {
        let Some(owner) = self.owner_of(page) else { return };
        self.act(|platform, now_ms| {
            for ((_, user), at_ms) in &mut platform.consents {
                if *user == owner {
                    *at_ms = now_ms + (days - 90) * 86_400_000;
                }
            }
        });
    }

    /// A permission is taken back from a token.
    pub fn revoke_scope(&self, token: &str, scope: &str) {
        self.act(|platform, _| {
            platform.tokens.get_mut(token).map(|token| token.scopes.retain(|held| held != scope))
        });
    }

    /// Registers one more redirect address with an app.
    pub fn allow_redirect(&self, app: &str, redirect_uri: &str) {
        self.with_app(app, |app| app.redirect_uris.push(redirect_uri.to_owned()));
    }

    /// The app demands `appsecret_proof` with every call.
    pub fn require_proof(&self, app: &str, required: bool) {
        self.with_app(app, |app| app.requires_proof = required);
    }

    /// The app has the Human Agent feature.
    pub fn allow_human_agent(&self, app: &str, allowed: bool) {
        self.with_app(app, |app| app.has_human_agent = allowed);
    }

    /// The app has Advanced Access; without it only people with a role on it are visible.
    pub fn set_advanced(&self, app: &str, is_advanced: bool) {
        self.with_app(app, |app| app.is_advanced = is_advanced);
    }

    /// How many people use the app in a day; 200 calls an hour for each with user tokens.
    pub fn set_daily_users(&self, app: &str, people: usize) {
        self.with_app(app, |app| app.daily_users = people);
    }

    /// A customer has a role on the app.
    pub fn give_role(&self, customer: &str) {
        self.act(|platform, _| platform.customers.get_mut(customer).map(|customer| customer.has_role = true));
    }

    /// Somebody at the Page has seen everything of a customer.
    pub fn mark_seen(&self, customer: &str) {
        self.with_thread(customer, |thread| thread.unread = 0);
    }

    /// What the lookup of a customer's profile gives.
    pub fn set_profile(&self, customer: &str, profile: Profile) {
        self.act(|platform, _| {
            platform.customers.get_mut(customer).map(|customer| customer.profile = profile)
        });
    }

    /// The tasks a user holds on a Page; none of them takes the Page away.
    pub fn set_tasks(&self, user: &str, page: &str, tasks: &[&str]) {
        self.act(|platform, _| {
            let Some(user) = platform.users.get_mut(user) else { return };
            user.pages.retain(|(id, _)| id != page);
            if !tasks.is_empty() {
                user.pages.push((page.to_owned(), tasks.iter().map(|&task| task.to_owned()).collect()));
            }
        });
    }

    /// Whether `/me/accounts` lists the user's Pages. Business-owned ones are missing there, and only named by
    /// `granular_scopes`.
    pub fn set_lists_pages(&self, user: &str, lists: bool) {
        self.act(|platform, _| platform.users.get_mut(user).map(|user| user.lists_pages = lists));
    }

    /// Links an Instagram account to a Page.
    pub fn link_instagram(&self, page: &str, id: &str, username: &str) {
        self.with_page(page, |page| page.instagram = Some((id.to_owned(), username.to_owned())));
    }

    /// Nobody can be written to from this Page, for this reason.
    pub fn set_page_refusing(&self, page: &str, why: Option<Refusing>) {
        self.with_page(page, |page| page.refusing = why);
    }

    /// This customer cannot be written to, for this reason.
    pub fn set_refusing(&self, customer: &str, why: Option<Refusing>) {
        self.with_thread(customer, |thread| thread.refusing = why);
    }

    /// Every list and read that wants this customer's messages fails with code 1.
    pub fn set_poisoned(&self, customer: &str, is_poisoned: bool) {
        self.with_thread(customer, |thread| thread.is_poisoned = is_poisoned);
    }

    /// Messages sent from now on can be read back only after a random time up to this, ms.
    pub fn set_read_back_lag(&self, page: &str, at_most_ms: i64) {
        self.with_page(page, |page| page.lag_ms = at_most_ms);
    }

    /// Lists of conversations come with holes, although more follows.
    pub fn set_short_pages(&self, page: &str, has: bool) {
        self.with_page(page, |page| page.has_short_pages = has);
    }

    /// High-volume mode: lists fail, single threads work.
    pub fn set_high_volume(&self, page: &str, is: bool) {
        self.with_page(page, |page| page.is_high_volume = is);
    }

    /// Every reaction of ours fails with code 2.
    pub fn set_fails_reactions(&self, page: &str, fails: bool) {
        self.with_page(page, |page| page.fails_reactions = fails);
    }

    /// Answers come without a usage header.
    pub fn set_sends_no_usage(&self, page: &str, silent: bool) {
        self.with_page(page, |page| page.sends_no_usage = silent);
    }

    /// How many people the Page may message: 200 calls a day for each. By default the number of its threads, at
    /// least 100.
    pub fn set_engaged(&self, page: &str, people: usize) {
        self.with_page(page, |page| page.engaged = Some(people));
    }

    /// The Page is throttled for so many minutes; calling meanwhile prolongs it.
    pub fn park(&self, page: &str, minutes: i64) {
        self.act(|platform, now_ms| {
            platform.pages.get_mut(page).map(|page| page.parked_until_ms = now_ms + minutes * 60_000)
        });
    }

    /// How much one list may ask for: conversations × messages each. 2000 by default.
    pub fn set_list_capacity(&self, page: &str, most: usize) {
        self.with_page(page, |page| page.list_capacity = most);
    }

    /// Every cursor given out so far is stale.
    pub fn forget_cursors(&self) {
        self.act(|platform, _| platform.cursor_age += 1);
    }

    /// In the next batch the items at these places time out.
    pub fn lose_batch_items(&self, places: &[usize]) {
        self.act(|platform, _| platform.lost_batch_items = places.to_vec());
    }

    /// Puts a file on the open web.
    pub fn publish(&self, url: &str, media: Media) {
        self.act(|platform, _| platform.web.insert(url.to_owned(), WebFile::There(media)));
    }

    /// Puts a file on the open web that takes longer than 75 s to fetch.
    pub fn publish_slow(&self, url: &str, media: Media) {
        self.act(|platform, _| platform.web.insert(url.to_owned(), WebFile::Slow(media)));
    }
}
