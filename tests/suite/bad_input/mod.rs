//! What bad input gets: its own words, and nothing of anybody else's is touched or lost.

mod consent; // the browser's part of signing in
mod content; // answers and messages
mod damage; // a database that cannot be read, and its copy
mod disk; // no room
mod failing_disk; // reads, writes and flushes that fail
mod profile; // a newer profile, a second instance

use crate::support::{Ada, Office};
use model::account::AccountStatus;

/// An account that has nothing to do with the trouble of a test.
struct Bystander {
    room: String,
    ada: String,
}

impl Bystander {
    async fn beside(office: &Office) -> Self {
        let matrix = office.matrix();
        matrix.create_user("brand", "secret-brand", "Brand");
        office.connect_matrix("brand", "secret-brand").await;
        let Ada { user: ada, room, .. } = office.ada_writes("before the trouble").await;
        Self { room, ada }
    }

    /// It still brings what its customers write, and has all that was there.
    async fn is_untouched(&self, office: &Office) {
        office.matrix().write(&self.room, &self.ada, "after the trouble");
        office.pass(40).await;
        let account = office.accounts().await.into_iter().find(|account| account.name == "Brand").unwrap();
        assert_eq!(account.status, AccountStatus::Live);
        let texts = office.texts(office.conversation("Ada Becker").await).await;
        assert_eq!(texts.first().map(String::as_str), Some("before the trouble"));
        assert_eq!(texts.last().map(String::as_str), Some("after the trouble"));
    }
}
