//! Words for what is said outside the window: notifications and tray. The texts are the UI's own files.

use model::settings::Language;
use serde_json::Value;
use std::sync::LazyLock;

static ENGLISH: LazyLock<Value> = LazyLock::new(|| parse(include_str!("../../../../ui/src/i18n/en.json")));
static GERMAN: LazyLock<Value> = LazyLock::new(|| parse(include_str!("../../../../ui/src/i18n/de.json")));

fn parse(file: &str) -> Value {
    serde_json::from_str(file).expect("the language files are JSON; a test of the UI checks them")
}

/// A language whose words we have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    English,
    /// German.
    German,
}

impl Tongue {
    /// What a setting means on a system whose language is `system` (such as `de-AT`).
    pub fn of(setting: Language, system: &str) -> Self {
        match setting {
            Language::De => Self::German,
            Language::System if system.to_ascii_lowercase().starts_with("de") => Self::German,
            Language::En | Language::System => Self::English,
        }
    }

    /// The text of a dotted key, with `{{name}}` filled in. With a `count` argument the plural form is chosen.
    /// An unknown key comes back as itself.
    pub fn word(self, key: &str, arguments: &[(&str, &str)]) -> String {
        let file = match self {
            Self::English => &*ENGLISH,
            Self::German => &*GERMAN,
        };
        let pointer = format!("/{}", key.replace('.', "/"));
        let plural = arguments.iter().find(|(name, _)| *name == "count").map(|(_, count)| {
            // Both languages: one, and all else.
            if *count == "1" { format!("{pointer}_one") } else { format!("{pointer}_other") }
        });
        let found = plural.and_then(|pointer| file.pointer(&pointer)).or_else(|| file.pointer(&pointer));
        let mut text = found.and_then(Value::as_str).unwrap_or(key).to_owned();
        for (name, value) in arguments {
            text = text.replace(&format!("{{{{{name}}}}}"), value);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_said_outside_the_window_is_there_in_both_languages() {
        let keys = [
            "notification.open",
            "notification.file",
            "notification.message_hidden",
            "notification.burst_title",
            "notification.burst_requests_title",
            "notification.burst_body",
            "notification.waiting_title",
            "notification.window_2h_title",
            "notification.window_30m_title",
            "notification.due_title",
            "notification.due_body",
            "notification.sign_in_title",
            "notification.sign_in_today_title",
            "notification.sign_in_body",
            "tray.show",
            "tray.quit",
            "tray.unread",
            "tray.none_unread",
        ];
        for key in keys {
            for count in ["1", "2"] {
                let [english, german] =
                    [Tongue::English, Tongue::German].map(|tongue| tongue.word(key, &[("count", count)]));
                assert!(english != key && german != key && english != german, "{key}: {english}, {german}");
            }
        }
    }

    #[test]
    fn the_systems_language_decides_where_the_person_did_not() {
        assert_eq!(Tongue::of(Language::System, "de_AT.UTF-8"), Tongue::German);
        assert_eq!(Tongue::of(Language::System, "fr"), Tongue::English);
        assert_eq!(Tongue::of(Language::En, "de"), Tongue::English);
        let unread = |count| Tongue::German.word("tray.unread", &[("count", count)]);
        assert_eq!(unread("1"), "1 ungelesene Unterhaltung");
        assert_eq!(unread("12"), "12 ungelesene Unterhaltungen");
    }
}
