//! Migrations: they lead to schema.sql, they happen whole or not at all, and never backwards.

use super::fixture::{Profile, account};
use crate::connection::Opener;
use crate::migrate::migrate_with;
use crate::{DataKey, Error, Place, Store};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::process::Command;

/// Every object of a schema by name, without comments and with single spaces.
fn objects(connection: &Connection) -> BTreeMap<String, String> {
    let sql = "SELECT name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'refinery%' AND name NOT LIKE 'sqlite_%'";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
    rows.map(|row| {
        let (name, sql) = row.unwrap();
        let bare: Vec<&str> =
            sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code)).collect();
        (name, bare.join(" ").split_whitespace().collect::<Vec<_>>().join(" "))
    })
    .collect()
}

#[expect(clippy::disallowed_methods, reason = "a schema to compare with, in memory")]
fn memory() -> Connection {
    Connection::open_in_memory().unwrap()
}

#[tokio::test]
async fn the_migrations_lead_to_the_schema_that_is_written_down() {
    let profile = Profile::in_clear().await;
    profile.store.close().await.unwrap();
    let opener = Opener { path: profile.place().database(), key: None, cache_kib: 2048 };
    let migrated = objects(&opener.open_reader().unwrap());
    let written = memory();
    written.execute_batch(include_str!("../../schema.sql")).unwrap();
    assert_eq!(migrated, objects(&written));
}

fn opener(place: &Place, key: &DataKey) -> Opener {
    Opener { path: place.database(), key: Some(key.clone()), cache_kib: 2048 }
}

/// Today's migrations and one more, which rewrites every account.
fn runner_of_tomorrow() -> refinery::Runner {
    let mut steps = vec![
        refinery::Migration::unapplied("V1__first", include_str!("../../migrations/V1__first.sql")).unwrap(),
    ];
    let sql = "ALTER TABLE account ADD COLUMN colour TEXT NOT NULL DEFAULT '';
        UPDATE account SET colour = 'red';
        CREATE TABLE label (id INTEGER PRIMARY KEY, account INTEGER NOT NULL) STRICT;
        INSERT INTO label (account) SELECT no FROM account;";
    steps.push(refinery::Migration::unapplied("V2__label", sql).unwrap());
    refinery::Runner::new(&steps)
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_and_left_as_it_is() {
    let profile = Profile::new().await;
    profile.store.close().await.unwrap();
    let mut connection = opener(&profile.place(), &profile.key).open_writer().unwrap();
    migrate_with(&mut connection, &profile.place(), runner_of_tomorrow()).unwrap();
    connection.close().unwrap();
    let before = std::fs::read(profile.place().database()).unwrap();
    let outcome = Store::open(profile.place(), profile.key.clone()).await;
    assert!(matches!(outcome, Err(Error::Newer { found: 2, known: 1 })));
    assert_eq!(std::fs::read(profile.place().database()).unwrap(), before);
}

#[tokio::test]
async fn before_a_migration_the_database_is_copied_under_the_same_key() {
    let profile = Profile::new().await;
    profile.account(1).await;
    profile.store.close().await.unwrap();
    let mut connection = opener(&profile.place(), &profile.key).open_writer().unwrap();
    migrate_with(&mut connection, &profile.place(), runner_of_tomorrow()).unwrap();
    let copy = profile.dir.path().join("kontor.before-1.db");
    let copied = std::fs::read(&copy).unwrap();
    assert!(!copied.starts_with(b"SQLite format 3"), "the copy is encrypted");
    migrate_with(&mut connection, &profile.place(), runner_of_tomorrow()).unwrap();
    assert!(!copy.exists(), "the next start has proved the migration");
    let old = tempfile::tempdir().unwrap();
    let place = Place::new(old.path());
    std::fs::write(place.database(), copied).unwrap();
    let store = Store::open(place, profile.key.clone()).await.unwrap();
    assert_eq!(store.read(|tx| tx.accounts()).await.unwrap(), [account(1)]);
}

#[tokio::test]
async fn a_migration_that_fails_leaves_the_database_as_it_was() {
    let profile = Profile::new().await;
    profile.account(1).await;
    profile.store.close().await.unwrap();
    let steps = [
        refinery::Migration::unapplied("V1__first", include_str!("../../migrations/V1__first.sql")).unwrap(),
        refinery::Migration::unapplied("V2__label", "DELETE FROM account; INSERT INTO nowhere VALUES (1);")
            .unwrap(),
    ];
    let mut connection = opener(&profile.place(), &profile.key).open_writer().unwrap();
    assert!(migrate_with(&mut connection, &profile.place(), refinery::Runner::new(&steps)).is_err());
    connection.close().unwrap();
    let profile = profile.open_again().await;
    assert_eq!(profile.store.read(|tx| tx.accounts()).await.unwrap(), [account(1)]);
}

/// Set where the test plays its own child, which migrates until it kills itself.
const CHILD: &str = "KONTOR_TEST_KILLED_MIGRATION";

#[tokio::test]
async fn a_killed_migration_leaves_the_old_or_the_new_schema_and_never_something_between() {
    if let Ok(order) = std::env::var(CHILD) {
        return migrate_until_killed(&order);
    }
    let name =
        "tests::migration::a_killed_migration_leaves_the_old_or_the_new_schema_and_never_something_between";
    let seed = Profile::new().await;
    seed.account(1).await;
    seed.store.close().await.unwrap();
    let (mut old, mut new) = (0, 0);
    for steps in (0..).map(|n| 20 + n * 150) {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::new(dir.path());
        std::fs::copy(seed.place().database(), place.database()).unwrap();
        let key = hex::encode(seed.key.bytes());
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--test-threads=1"])
            .env(CHILD, format!("{steps} {key} {}", dir.path().display()))
            .output()
            .unwrap();
        let mut connection = opener(&place, &seed.key).open_writer().unwrap();
        let sql = "SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM sqlite_schema WHERE name = 'label'),
            (SELECT max(version) FROM refinery_schema_history)";
        let found: (i64, i64, i64) =
            connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        assert!(found == (1, 0, 1) || found == (1, 1, 2), "killed after {steps} steps: {found:?}");
        migrate_with(&mut connection, &place, runner_of_tomorrow()).unwrap();
        old += u32::from(found.2 == 1);
        new += u32::from(found.2 == 2);
        if child.status.success() {
            break;
        }
    }
    assert!(old > 3 && new > 0, "{old} kills before the commit, {new} after it");
}

/// Migrates until it has killed itself, as the order says: `steps key folder`.
fn migrate_until_killed(order: &str) {
    let mut order = order.splitn(3, ' ');
    let (steps, key, dir) = (order.next().unwrap(), order.next().unwrap(), order.next().unwrap());
    let key = DataKey::from_bytes(&hex::decode(key).unwrap()).unwrap();
    let place = Place::new(dir);
    let mut connection = opener(&place, &key).open_writer().unwrap();
    connection.progress_handler(steps.parse().unwrap(), Some(|| -> bool { std::process::abort() })).unwrap();
    migrate_with(&mut connection, &place, runner_of_tomorrow()).unwrap();
}
