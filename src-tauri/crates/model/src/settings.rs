//! Settings of a profile.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The language of the window, the notifications and the tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Language {
    /// As the system says; English where that is neither English nor German.
    #[default]
    System,
    /// English.
    En,
    /// German.
    De,
}

/// Which key sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum SendKey {
    /// Ctrl (⌘) and Enter; Enter is a new line.
    CtrlEnter,
    /// Enter; Shift and Enter is a new line.
    Enter,
}

/// How tall a row of the inbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Density {
    /// 64 px, two lines of preview.
    #[default]
    Comfortable,
    /// 48 px, one line.
    Compact,
}

/// Everything a person can set; a field that an older file lacks takes its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Settings {
    /// Light, dark, system.
    pub theme: Theme,
    /// German, English, system.
    pub language: Language,
    /// Row height.
    pub density: Density,
    /// Which key sends; none as long as the person was not asked, and then it is Ctrl and Enter, by which nothing leaves half
    /// written.
    pub send_key: Option<SendKey>,
    /// How long a reply is held so that it can be taken back, in seconds, 0–15.
    pub undo_send_seconds: u8,
    /// Whether there are notifications at all.
    pub notifies: bool,
    /// Whether a notification shows the text or only who wrote.
    pub shows_text_in_notifications: bool,
    /// Whether a notification makes a sound.
    pub plays_sound: bool,
    /// A reply is due when the customer has waited this long, in minutes, 5–10 080; 0 turns it off.
    pub reply_target_minutes: u32,
    /// Whether closing the window leaves Kontor in the tray.
    pub keeps_running_in_tray: bool,
    /// Whether a single letter does something; without, who speaks to the computer or hits keys by chance sets nothing off.
    pub uses_letter_keys: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            language: Language::default(),
            density: Density::default(),
            send_key: None,
            undo_send_seconds: 5,
            notifies: true,
            shows_text_in_notifications: true,
            plays_sound: true,
            reply_target_minutes: 240,
            keeps_running_in_tray: true,
            uses_letter_keys: true,
        }
    }
}

impl Settings {
    /// The nearest allowed settings.
    pub fn clamped(mut self) -> Self {
        self.undo_send_seconds = self.undo_send_seconds.min(15);
        if self.reply_target_minutes != 0 {
            self.reply_target_minutes = self.reply_target_minutes.clamp(5, 10_080);
        }
        self
    }
}
