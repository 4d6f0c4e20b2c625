//! Accounts, for the UI.

use super::border;
use model::account::{AccountSettings, AccountStatus};
use model::{AccountId, PlatformId, Timestamp};

border! {
    /// A connected account.
    struct AccountRow {
        /// Ours.
        pub id: AccountId,
        /// Its platform.
        pub platform: PlatformId,
        /// What the platform calls it.
        pub name: String,
        /// Its id or address on the platform, as people know it.
        pub handle: String,
        /// How it is doing.
        pub status: AccountStatus,
        /// When a read last succeeded.
        pub verified_at: Option<Timestamp>,
        /// When the sign-in ends if nobody signs in again; none = no end is known.
        pub sign_in_ends_at: Option<Timestamp>,
        /// From when on that is worth a warning.
        pub sign_in_warns_from: Option<Timestamp>,
        /// What its owner chose.
        pub settings: AccountSettings,
        /// Conversations with something unread.
        pub unread_count: u32,
        /// What could not be understood since the start, counted.
        pub problem_count: u32,
    }

    /// One account.
    struct AccountRef {
        /// Which.
        pub account: AccountId,
    }

    /// What its owner chooses now.
    struct AccountChange {
        /// Which.
        pub account: AccountId,
        /// All of it.
        pub settings: AccountSettings,
    }
}
