//! An inbox of very many conversations, made without a platform: a first sync of so many would take longer than all figures.

use crate::corpus::{Corpus, Line};
use crate::profile::Profile;
use model::settings::Settings;
use std::path::Path;

/// Conversations, each with one message.
pub const CONVERSATIONS: usize = 100_000;
/// Opens the profile.
pub const PASSPHRASE: &str = "loopback only";
/// The accounts cannot sync, which is all the same to a list that is scrolled; but the window must know their platform.
const PLATFORM: &str = "matrix";

/// Makes the profile in `folder`, for the window to open with [`PASSPHRASE`].
pub async fn make(folder: &Path, conversations: usize) -> anyhow::Result<()> {
    let mut profile = Profile::with_passphrase(folder, PASSPHRASE).await?;
    // Everybody in a corpus has been waiting for years: nobody shall be told of it.
    let settings = Settings { reply_target_minutes: 0, ..Settings::default() };
    profile.store.write(move |tx| tx.set_settings(&settings)).await?;
    let lines: Vec<Line> = Corpus::new(conversations, 1)
        .enumerate()
        .map(|(index, line)| Line {
            conversation: format!("c{index}"),
            platform: PLATFORM.to_owned(),
            ..line
        })
        .collect();
    profile.import(&lines).await?;
    Ok(profile.store.close().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use store::{Place, Store, View, vault};

    #[tokio::test]
    async fn every_line_is_a_conversation_of_a_profile_that_the_passphrase_opens() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path().join("wide"));
        make(&place.dir, 120).await.unwrap();
        let key = vault::open_with_passphrase(place.clone(), PASSPHRASE.into()).await.unwrap();
        let store = Store::open(place, key).await.unwrap();
        let page =
            store.read(|tx| tx.list(View::All, None, None, None, 200, Timestamp(i64::MAX))).await.unwrap();
        assert_eq!(page.rows.len(), 120);
    }
}
