//! The profile: which store is open, and how it is protected.

use super::border;
use model::{PlatformId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Which profile is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ProfileState {
    /// There is none yet: welcome.
    Empty,
    /// There is one, and it wants its passphrase.
    PassphraseNeeded,
    /// There is one, but it cannot be opened now; `problem` says why and what to do.
    Blocked,
    /// Open, kept encrypted on this device.
    Open,
    /// Open, and gone after quitting.
    Temporary,
    /// The sandbox: invented, throw-away.
    Sandbox,
}

/// Why a profile cannot be opened or made; a sentence with a next step for each is in the UI's files (`profile.problem`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ProfileProblem {
    /// The system's keychain is locked or the person refused.
    KeychainLocked,
    /// There is no keychain on this system, or it does not answer.
    KeychainMissing,
    /// The keychain works but no longer holds our key.
    KeyGone,
    /// Wrong passphrase.
    WrongPassphrase,
    /// The passphrase is shorter than eight characters.
    PassphraseTooShort,
    /// The database was written by a newer Kontor.
    NewerDatabase,
    /// The database cannot be read with its key, or is damaged. It is left untouched.
    Damaged,
    /// No room on the disk.
    DiskFull,
    /// The profile folder cannot be written.
    NotWritable,
    /// The disk could not read, write or flush: nothing is written any more until Kontor is started anew.
    DiskFailed,
    /// Another Kontor has this profile open.
    InUse,
}

border! {
    /// What can be typed in the sandbox to practise signing in. Invented, so nothing is secret.
    struct PracticeSignIn {
        /// Platform.
        pub platform: PlatformId,
        /// One of its methods.
        pub method: String,
        /// What it leads to.
        pub name: String,
        /// The address or id of the one account it leads to, as `AccountRow` has it; none if that shows only on the way.
        pub handle: Option<String>,
        /// By field name.
        pub fields: BTreeMap<String, String>,
    }

    /// Which profile is open and why not.
    struct ProfileStatus {
        /// Which.
        pub state: ProfileState,
        /// Why it is blocked, or why the last attempt failed.
        pub problem: Option<ProfileProblem>,
        /// Something is wrong while it is open (disk full: writing stopped).
        pub trouble: Option<ProfileProblem>,
        /// The database is damaged, and there is a copy of this instant to bring it back from.
        pub restorable: Option<Timestamp>,
        /// It cannot be opened, and may be set aside for a new one.
        pub may_begin_anew: bool,
        /// Where the profile lies is no good place for a database; said until it was seen.
        pub folder: Option<FolderWarning>,
        /// The platforms' time less this machine's, in milliseconds: whoever compares an instant of a message with now adds it.
        #[ts(type = "number")]
        pub platforms_ahead_ms: i64,
        /// That is so much that a person should know.
        pub is_clock_wrong: bool,
    }

    /// Which Kontor opened the kept profile last.
    struct OpenedBy {
        /// Its version; none if the profile does not say.
        pub version: Option<String>,
    }

    /// Where the kept profile lies, or one that was set aside: for people to find it.
    struct ProfilePlace {
        /// Path of its folder.
        pub folder: String,
    }

    /// Where the profile lies.
    struct FolderWarning {
        /// On another machine; else in a folder that a program synchronises.
        pub is_remote: bool,
        /// The file system, or the program.
        pub name: String,
    }

    /// The answer to "a real account is about to be connected".
    struct Prepared {
        /// A kept profile is open; connect.
        pub is_ready: bool,
        /// It is not: there is no usable keychain; ask for a passphrase or for a temporary profile.
        pub problem: Option<ProfileProblem>,
    }

    /// A passphrase, typed by a person.
    struct Passphrase {
        /// Wiped after use; never logged.
        pub passphrase: String,
    }

    /// What Kontor is and what it can connect to.
    struct About {
        /// Version.
        pub version: String,
        /// `linux`, `macos`, `windows`.
        pub system: String,
        /// Everything that can be connected.
        pub platforms: Vec<PlatformFacts>,
    }

    /// A platform, for the UI.
    struct PlatformFacts {
        /// Id.
        pub id: String,
        /// Its own name.
        pub name: String,
        /// `#rrggbb`.
        pub colour: String,
        /// Its mark: the content of our own SVG file.
        pub logo_svg: String,
        /// Ways to sign in, best first; words are `login.<platform>.<method>`.
        pub login_methods: Vec<String>,
    }

    /// The licence of something that is in Kontor.
    struct Licence {
        /// Package.
        pub name: String,
        /// Version.
        pub version: String,
        /// SPDX expression.
        pub licence: String,
    }
}
