//! What must hold when the weather has cleared.

use super::day::Day;
use super::truth::{self, Line};
use api::types::conversation::MessageView;
use api::types::inbox::InboxRow;
use model::account::AccountStatus;
use model::message::Direction;
use model::outbox::OutboxState;
use serde_json::{Value, json};

/// Graph tells of silent changes only this near the end of a thread.
const WATCHED: usize = 20;

pub async fn everything(day: &Day) {
    for account in day.office().accounts().await {
        assert_eq!(account.status, AccountStatus::Live, "{} after the storm", account.name);
    }
    let rows = day.office().inbox("all").await;
    for (who, customer) in day.customers.iter().enumerate() {
        let titled: Vec<&InboxRow> = rows.iter().filter(|row| row.title == customer.name).collect();
        assert_eq!(titled.len(), 1, "conversations with {}", customer.name);
        let shown = day.office().messages(titled[0].id).await;
        assert!(shown.len() < 200, "the storm wrote more than one page of {}", customer.name);
        settled(&customer.name, &shown);
        same_as_there(day, who, &shown);
        replies_once(day, who, &shown);
        numbers(day, titled[0], &shown).await;
    }
    assert_eq!(rows.len(), day.customers.len(), "conversations that nobody has");
    let counts: Value = day.office().call("inbox_counts", json!({})).await;
    let count = |is: fn(&&InboxRow) -> bool| rows.iter().filter(is).count();
    assert_eq!(
        counts["unread"],
        count(|row| row.unread_count > 0 || row.is_marked_unread),
        "unread conversations"
    );
    assert_eq!(counts["waiting"], count(|row| row.waiting_since.is_some()), "waiting conversations");
    let is_stuck =
        |row: &&InboxRow| matches!(row.outbox, Some(OutboxState::Failed | OutboxState::NeedsPerson));
    assert_eq!(counts["undelivered"], count(is_stuck), "undelivered conversations");
}

fn state(message: &MessageView) -> Option<OutboxState> {
    message.delivery.map(|delivery| delivery.state)
}

/// Never left the machine, as far as anybody knows.
fn is_stuck(message: &MessageView) -> bool {
    matches!(state(message), Some(OutboxState::Failed | OutboxState::NeedsPerson))
}

fn settled(who: &str, shown: &[MessageView]) {
    for message in shown {
        let is_settled = state(message).is_none_or(OutboxState::is_settled);
        assert!(is_settled, "{who}: {:?} is still {:?}", message.body, state(message));
    }
}

/// The same messages in the same order, edits, deletions and reactions done.
fn same_as_there(day: &Day, who: usize, shown: &[MessageView]) {
    let customer = &day.customers[who];
    let desk = &day.desks[customer.desk];
    let there = truth::lines(day.office(), desk, customer);
    let here: Vec<Line> =
        shown.iter().filter(|message| !message.is_deleted && !is_stuck(message)).map(line).collect();
    let watched = if desk.is_matrix() { there.len() } else { WATCHED };
    let (old, new) = there.split_at(there.len().saturating_sub(watched));
    // From the newest old message on everything is exact; before it, deletions may not have been told.
    let old_here = match new.first() {
        Some(first) => here.iter().position(|line| line.tag() == first.tag()).unwrap_or(here.len()),
        None => 0,
    };
    let (here_old, here_new) = here.split_at(if old.is_empty() { 0 } else { old_here });
    assert!(
        here_new == new,
        "{}: on screen\n{}\non the platform\n{}",
        customer.name,
        listed(here_new),
        listed(new)
    );
    let tags_here: Vec<&str> =
        here_old.iter().map(Line::tag).filter(|tag| !day.deleted.contains(*tag)).collect();
    let tags_there: Vec<&str> = old.iter().map(Line::tag).collect();
    assert_eq!(tags_here, tags_there, "{}: older messages", customer.name);
}

fn line(message: &MessageView) -> Line {
    let reactions = message.reactions.iter().map(|reaction| (reaction.key.clone(), reaction.count)).collect();
    Line { is_ours: message.direction == Direction::Out, text: message.body.clone(), reactions }
}

fn listed(lines: &[Line]) -> String {
    let line = |line: &Line| {
        format!("    {} {:?} {:?}\n", if line.is_ours { "us  " } else { "them" }, line.text, line.reactions)
    };
    lines.iter().map(line).collect()
}

/// A reply is on the platform once, if Kontor says it was sent; never more often than we asked for.
fn replies_once(day: &Day, who: usize, shown: &[MessageView]) {
    let customer = &day.customers[who];
    let there = truth::lines(day.office(), &day.desks[customer.desk], customer);
    let mut texts: Vec<&str> =
        day.replies.iter().filter(|it| it.customer == who).map(|it| it.text.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    for text in texts {
        let copies = there.iter().filter(|line| line.is_ours && line.text == text).count();
        let same = || day.replies.iter().filter(|reply| reply.customer == who && reply.text == text);
        let sent = shown.iter().filter(|message| message.body == text && !is_stuck(message)).count();
        let stuck: Vec<_> =
            shown.iter().filter(|message| message.body == text && is_stuck(message)).collect();
        let (count, retries) = (same().count(), same().map(|reply| reply.retries as usize).sum::<usize>());
        let undone = same().filter(|reply| reply.is_undone).count();
        let withdrawn = undone + same().filter(|reply| reply.is_discarded).count();
        assert_eq!(copies, sent, "{}: copies of {text:?} there, and shown as sent", customer.name);
        assert!(copies <= count - undone + retries, "{}: {copies} copies of {text:?}", customer.name);
        // What was taken out may turn out to have arrived: then it is shown again.
        let shown = sent + stuck.len();
        let is_accounted =
            (count..=count + retries).contains(&(shown + withdrawn)) || shown == count - undone;
        assert!(
            is_accounted,
            "{}: {shown} of {count} replies {text:?}, {withdrawn} withdrawn",
            customer.name
        );
    }
}

/// What the store counts, counted by hand from what is on screen.
async fn numbers(day: &Day, row: &InboxRow, shown: &[MessageView]) {
    let head = day.office().head(row.id).await;
    let inbound = |message: &&MessageView| message.direction == Direction::In && !message.is_deleted;
    let first_unread = head.first_unread.map(|first| {
        shown.iter().find(|message| message.id == first).expect("the first unread message is shown").sent_at
    });
    let is_unread = |message: &MessageView| first_unread.is_some_and(|first| message.sent_at >= first);
    let unread = shown.iter().filter(inbound).filter(|message| is_unread(message)).count();
    assert_eq!(
        (head.unread_count as usize, row.unread_count as usize),
        (unread, unread),
        "{}: unread",
        row.title
    );
    let answered =
        shown.iter().rposition(|it| it.direction == Direction::Out && !it.is_deleted && !is_stuck(it));
    // What came while an answer was on its way waits until it is read.
    let waits = |at: usize| answered.is_none_or(|answered| at > answered) || is_unread(&shown[at]);
    let mut waiting = shown.iter().enumerate().filter(|(at, message)| inbound(message) && waits(*at));
    let waiting = waiting.next().map(|(_, message)| message.sent_at);
    assert_eq!((row.waiting_since, head.waiting_since), (waiting, waiting), "{}: waiting", row.title);
}
