//! Links into Kontor: `kontor://conversation/<id>?message=<id>` and `kontor://account/<id>`.
//!
//! Anybody can write one, so a link can do nothing but lead somewhere: it is read strictly, letter by letter, and whatever
//! is not exactly of this form is no link at all.

use crate::notify::Target;
use model::{AccountId, ConversationId, MessageId};

/// The scheme that the system hands to Kontor.
pub const SCHEME: &str = "kontor";
/// Longer ones are not looked at, in bytes.
pub const MAX_BYTES: usize = 128;
/// Ids are whole numbers that JSON keeps exactly: 1 to 2^53 - 1.
const MAX_ID: i64 = (1 << 53) - 1;

/// Where a link leads; none if it is not one of ours.
pub fn parse(link: &str) -> Option<Target> {
    if link.len() > MAX_BYTES {
        return None;
    }
    if let Some(account) = link.strip_prefix("kontor://account/") {
        return account_id(account).map(Target::Account);
    }
    let rest = link.strip_prefix("kontor://conversation/")?;
    let (conversation, message) = match rest.split_once('?') {
        Some((conversation, query)) => (conversation, Some(query.strip_prefix("message=")?)),
        None => (rest, None),
    };
    let message = match message {
        Some(digits) => Some(MessageId(id(digits)?)),
        None => None,
    };
    Some(Target::Conversation { conversation: ConversationId(id(conversation)?), message })
}

/// The first link among the words of a command line, the program's own name aside.
pub fn among<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Option<Target> {
    arguments.into_iter().skip(1).find_map(parse)
}

/// Digits only: `parse` of the standard library would take `+7` and `007` too.
fn id(digits: &str) -> Option<i64> {
    let is_plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    let id = is_plain.then(|| digits.parse().ok()).flatten()?;
    (1..=MAX_ID).contains(&id).then_some(id)
}

/// As we write it ourselves: the library would take braces, capital letters and no hyphens too.
fn account_id(text: &str) -> Option<AccountId> {
    let id: AccountId = text.parse().ok()?;
    (id.to_string() == text).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(conversation: i64, message: Option<i64>) -> Option<Target> {
        let message = message.map(MessageId);
        Some(Target::Conversation { conversation: ConversationId(conversation), message })
    }

    #[test]
    fn a_link_leads_to_the_entry_of_an_account() {
        let id = AccountId::new(model::Timestamp(1_700_000_000_000), [7; 10]);
        assert_eq!(parse(&format!("kontor://account/{id}")), Some(Target::Account(id)));
    }

    #[test]
    fn a_link_leads_to_a_conversation_and_perhaps_to_a_message_in_it() {
        assert_eq!(parse("kontor://conversation/7"), target(7, None));
        assert_eq!(parse("kontor://conversation/7?message=812"), target(7, Some(812)));
        assert_eq!(
            parse("kontor://conversation/9007199254740991?message=9007199254740991"),
            target(MAX_ID, Some(MAX_ID))
        );
    }

    #[test]
    fn nothing_but_exactly_this_form_is_a_link() {
        let long = format!("kontor://conversation/1?message={}", "1".repeat(MAX_BYTES));
        let refused = [
            "",
            "kontor:",
            "kontor://conversation/",
            "kontor://conversation/0",
            "kontor://conversation/-7",
            "kontor://conversation/+7",
            "kontor://conversation/07",
            "kontor://conversation/7/",
            "kontor://conversation/7 ",
            "kontor://conversation/7#8",
            "kontor://conversation/7?",
            "kontor://conversation/7?message=",
            "kontor://conversation/7?message=0",
            "kontor://conversation/7?message=8&message=9",
            "kontor://conversation/7?message=8&send=yes",
            "kontor://conversation/7?MESSAGE=8",
            "kontor://conversation/9007199254740992",
            "kontor://conversation/99999999999999999999",
            "kontor://conversation/٧",
            "kontor://conversation/%37",
            "kontor://conversation/1e3",
            "kontor://conversation/../7",
            "kontor://conversation/00000000-0000-7000-8000-000000000000?message=1",
            "kontor://someone@conversation/7",
            "kontor://conversation:80/7",
            "kontor://nowhere/../../etc",
            "KONTOR://conversation/7",
            "kontor://account/",
            "kontor://account/7",
            "kontor://account/018bcfe568007707870707070707070707",
            "kontor://account/018BCFE5-6800-7707-8707-070707070707",
            "kontor://account/{018bcfe5-6800-7707-8707-070707070707}",
            "kontor://account/018bcfe5-6800-7707-8707-070707070707?remove=yes",
            "https://conversation/7",
            "--hidden",
            &long,
        ];
        for link in refused {
            assert_eq!(parse(link), None, "{link}");
        }
    }

    #[test]
    fn a_command_line_is_searched_behind_the_programs_name() {
        assert_eq!(
            among(["kontor://conversation/1", "--hidden", "kontor://conversation/2"]),
            target(2, None)
        );
        assert_eq!(among(["kontor", "kontor://conversation/x"]), None);
        assert_eq!(among([]), None);
    }
}
