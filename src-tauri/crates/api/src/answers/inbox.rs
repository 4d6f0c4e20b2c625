//! The list, its numbers, and intents.

use crate::app::App;
use crate::error::ApiError;
use crate::types::Nothing;
use crate::types::inbox::*;
use model::action::Intent;
use model::message::MessageKind;

pub async fn inbox_list(app: &App, query: InboxQuery) -> Result<InboxPage, ApiError> {
    let engine = app.engine()?;
    let now = engine.platform_now();
    let page = engine
        .store()
        .read_list(move |tx| {
            let (after, until) = (query.after.map(key_in), query.until.map(key_in));
            tx.list(view(query.view), query.account, after, until, query.limit.clamp(1, 200), now)
        })
        .await?;
    Ok(InboxPage { rows: page.rows.into_iter().map(row).collect(), next: page.next.map(key_out) })
}

pub async fn inbox_counts(app: &App, _: Nothing) -> Result<InboxCounts, ApiError> {
    let engine = app.engine()?;
    let now = engine.platform_now();
    let counts = engine.store().read_list(move |tx| tx.counts(now)).await?;
    Ok(InboxCounts {
        unread: counts.unread,
        waiting: counts.waiting,
        ends_soon: counts.ends_soon,
        undelivered: counts.undelivered,
    })
}

pub async fn inbox_act(app: &App, intent: Intent) -> Result<Applied, ApiError> {
    let engine = app.engine()?;
    let applied = engine.act(intent).await?;
    let held_until = applied.held_until.map(|at| engine.shown_at(at));
    Ok(Applied { action: applied.action, messages: applied.messages, held_until })
}

pub async fn inbox_undo(app: &App, query: UndoQuery) -> Result<Undone, ApiError> {
    Ok(Undone { conversation: app.engine()?.undo(query.action).await? })
}

fn view(view: InboxView) -> store::View {
    match view {
        InboxView::All => store::View::All,
        InboxView::Unread => store::View::Unread,
        InboxView::Waiting => store::View::Waiting,
        InboxView::EndsSoon => store::View::EndsSoon,
        InboxView::Undelivered => store::View::Undelivered,
    }
}

fn key_in(key: InboxKey) -> store::ListKey {
    store::ListKey { at: key.at, id: key.id }
}

fn key_out(key: store::ListKey) -> InboxKey {
    InboxKey { at: key.at, id: key.id }
}

/// A row of the store, for the UI; search shows the same rows.
pub(super) fn row(row: store::ListRow) -> InboxRow {
    let conversation = row.conversation;
    InboxRow {
        id: conversation.id,
        key: key_out(row.key),
        account: conversation.account_id,
        account_name: row.account_name,
        platform: row.platform,
        network: conversation.network,
        kind: conversation.kind,
        title: conversation.title,
        avatar: row.avatar,
        preview: row.preview.map(|preview| InboxPreview {
            direction: preview.direction,
            is_unreadable: matches!(preview.kind, MessageKind::Encrypted | MessageKind::Unsupported),
            text: preview.text,
            attachment: preview.attachment,
            is_deleted: preview.is_deleted,
            author: preview.author,
        }),
        last_activity_at: conversation.last_activity_at,
        unread_count: conversation.unread_count,
        is_marked_unread: conversation.is_marked_unread,
        waiting_since: conversation.waiting_since,
        window_closes_at: conversation.window_closes_at,
        outbox: row.outbox,
        draft: row.draft,
    }
}
