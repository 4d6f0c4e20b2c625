//! Search over everything that is here.

use super::inbox::row;
use crate::app::App;
use crate::error::ApiError;
use crate::types::search::*;

/// Conversations shown above the messages.
const MOST_NAMES: u32 = 8;

pub async fn search(app: &App, query: SearchQuery) -> Result<SearchPage, ApiError> {
    let is_first = query.before.is_none();
    let (names, found) = app
        .engine()?
        .store()
        .read(move |tx| {
            let names = if is_first { tx.search_names(&query.text, MOST_NAMES)? } else { Vec::new() };
            let found = tx.search_messages(&query.text, query.before, query.limit.clamp(1, 100))?;
            Ok::<_, store::Error>((names, found))
        })
        .await?;
    let hit = |hit: store::Hit| SearchHit {
        conversation: hit.conversation,
        message: hit.message,
        title: hit.title,
        avatar: hit.avatar,
        platform: hit.platform,
        network: hit.network,
        direction: hit.direction,
        sent_at: hit.sent_at,
        snippet: hit.snippet,
    };
    Ok(SearchPage {
        conversations: names.into_iter().map(row).collect(),
        hits: found.hits.into_iter().map(hit).collect(),
        has_more: found.has_more,
    })
}
