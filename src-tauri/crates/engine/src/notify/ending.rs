//! Sign-ins that end soon: told once per end, also over a restart, and taken back when somebody has signed in again.

use super::{Notice, NoticeKey, Target};
use crate::accounts::warns_from;
use crate::engine::Engine;
use crate::words::Tongue;
use model::account::{Account, AccountStatus};
use model::settings::Settings;
use model::{AccountId, Timestamp};
use std::collections::BTreeSet;

const DAY_MS: i64 = 86_400_000;

/// What was told, and may still be on the screen.
#[derive(Debug, Default)]
pub(super) struct Ending {
    shown: BTreeSet<AccountId>,
}

impl Ending {
    /// Notifications that may still be on the screen.
    pub(super) fn shown(&self) -> impl Iterator<Item = NoticeKey> {
        self.shown.iter().map(|id| NoticeKey::SignIn(*id))
    }

    /// Tells what nobody was told of yet.
    pub(super) async fn tell(&mut self, engine: &Engine, now: Timestamp) -> Result<(), store::Error> {
        let settings = engine.settings().borrow().clone();
        let ending = engine
            .store()
            .read(move |tx| {
                let ends = tx.sign_in_ends()?;
                let mut ending = Vec::new();
                for account in if ends.is_empty() { Vec::new() } else { tx.accounts()? } {
                    if let Some(at) = ends.get(&account.id).filter(|at| is_ending(&account, **at, now)) {
                        let is_told = tx.is_sign_in_end_told(account.id)?;
                        ending.push((account, *at, is_told));
                    }
                }
                Ok::<_, store::Error>(ending)
            })
            .await?;
        let notifier = &engine.0.parts.notifier;
        self.shown.retain(|id| {
            let is_still = ending.iter().any(|(account, ..)| account.id == *id);
            if !is_still {
                notifier.withdraw(NoticeKey::SignIn(*id));
            }
            is_still
        });
        let tongue = Tongue::of(settings.language, &engine.0.parts.system_language);
        for (account, at, is_told) in ending {
            let id = account.id;
            if is_told || !settings.notifies || !account.settings.notifies {
                continue;
            }
            if engine.store().write(move |tx| tx.tell_sign_in_end_once(id)).await? {
                self.shown.insert(id);
                notifier.show(notice(&account, at, &settings, tongue, now));
            }
        }
        Ok(())
    }
}

/// Whether somebody should sign in again soon. Once the platform has ended the sign-in, the account itself says so.
fn is_ending(account: &Account, ends_at: Timestamp, now: Timestamp) -> bool {
    account.status != AccountStatus::SignInAgain && now >= warns_from(ends_at)
}

fn notice(
    account: &Account,
    ends_at: Timestamp,
    settings: &Settings,
    tongue: Tongue,
    now: Timestamp,
) -> Notice {
    // In whole days, as a person counts them: ten days less a minute are ten.
    let days = (ends_at.0.saturating_sub(now.0) + DAY_MS / 2) / DAY_MS;
    let arguments = [("name", account.name.as_str()), ("count", &days.max(0).to_string())];
    let key = if days > 0 { "notification.sign_in_title" } else { "notification.sign_in_today_title" };
    Notice {
        key: NoticeKey::SignIn(account.id),
        title: tongue.word(key, &arguments),
        body: tongue.word("notification.sign_in_body", &[]),
        has_sound: settings.plays_sound,
        target: Some(Target::Account(account.id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::account::AccountSettings;
    use model::{PlatformId, RemoteId};

    fn account(status: AccountStatus) -> Account {
        Account {
            id: AccountId::new(Timestamp(0), [1; 10]),
            platform: PlatformId::from("p"),
            remote_id: RemoteId("shop".into()),
            name: "Shop".into(),
            config: String::new(),
            status,
            settings: AccountSettings::default(),
            verified_at: None,
            created_at: Timestamp(0),
        }
    }

    #[test]
    fn a_sign_in_is_worth_a_word_ten_days_before_it_ends_and_not_when_it_is_over_already() {
        let ends_at = Timestamp(100 * DAY_MS);
        let is = |status, day: i64| is_ending(&account(status), ends_at, Timestamp(day * DAY_MS));
        assert_eq!([89, 90, 99, 101].map(|day| is(AccountStatus::Live, day)), [false, true, true, true]);
        assert!(!is(AccountStatus::SignInAgain, 95));
    }

    #[test]
    fn the_notice_counts_the_days_as_a_person_does() {
        let title = |tongue, before_ms| {
            let ends_at = Timestamp(100 * DAY_MS);
            let now = Timestamp(ends_at.0 - before_ms);
            notice(&account(AccountStatus::Live), ends_at, &Settings::default(), tongue, now).title
        };
        let english = |before_ms| title(Tongue::English, before_ms);
        assert_eq!(english(10 * DAY_MS - 30_000), "The sign-in of Shop ends in 10 days");
        assert_eq!(english(DAY_MS), "The sign-in of Shop ends in 1 day");
        assert_eq!(english(3_600_000), "The sign-in of Shop ends today");
        assert_eq!(english(-3 * DAY_MS), "The sign-in of Shop ends today");
        assert_eq!(title(Tongue::German, 10 * DAY_MS), "Die Anmeldung von Shop endet in 10 Tagen");
    }
}
