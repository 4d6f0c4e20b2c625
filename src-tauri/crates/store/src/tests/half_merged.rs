//! What was taken back is gone also while a merge of the index is half done: a part of each segment lies in the one they become,
//! the rest still where it was. On a connection of its own, so that nobody merges meanwhile.

use crate::connection::Opener;
use crate::fold;
use crate::table::text_index::merge_pages;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// They begin like no other word, so that FTS5 stores them whole: before all others and behind them.
const EARLY: &str = "0qxjvkwpbhgnfmrt";
const LATE: &str = "zqxjvkwpbhgnfmrt";

struct Index {
    connection: Connection,
    folder: tempfile::TempDir,
    /// The segments before the merge.
    inputs: BTreeSet<i64>,
}

impl Index {
    /// Forty messages that came one by one, each a segment, with the markers among them; merged until the one that is first in
    /// the alphabet has moved and the one that is last has not.
    fn half_merged(is_careful: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opener = Opener { path: folder.path().join("kontor.db"), key: None, cache_kib: 2048 };
        let connection = opener.open_writer().unwrap();
        connection.execute_batch(include_str!("../../schema.sql")).unwrap();
        if !is_careful {
            let careless = "INSERT INTO message_fts (message_fts, rank) VALUES ('secure-delete', 0)";
            connection.execute_batch(careless).unwrap();
        }
        let mut index = Self { connection, folder, inputs: BTreeSet::new() };
        for id in 0..40 {
            index.insert(id, &text(id));
        }
        index.inputs = index.segments_with(None);
        assert_eq!(index.inputs.len(), 40);
        for _ in 0..3 {
            assert!(merge_pages(&index.connection, 1).unwrap(), "the merge ended before it was half done");
            let (early, late) = (index.segments_with(Some(EARLY)), index.segments_with(Some(LATE)));
            if early.is_disjoint(&index.inputs) && late.is_subset(&index.inputs) {
                return index;
            }
        }
        panic!("no moment at which one marker has moved and the other has not");
    }

    fn insert(&self, id: i64, text: &str) {
        let sql = "INSERT INTO message_fts (rowid, body) VALUES (?1, ?2)";
        self.connection.execute(sql, (id, fold(text))).unwrap();
    }

    fn delete(&self, id: i64) {
        let sql = "INSERT INTO message_fts (message_fts, rowid, body) VALUES ('delete', ?1, ?2)";
        self.connection.execute(sql, (id, fold(&text(id)))).unwrap();
        let is_busy =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        assert!(!is_busy.unwrap());
    }

    /// The segments that have a page with this text.
    fn segments_with(&self, text: Option<&str>) -> BTreeSet<i64> {
        // The number of a page's segment stands above its height and its place; below are averages and structure.
        let sql = "SELECT id >> 37, block FROM message_fts_data WHERE id >> 37 > 0";
        let mut statement = self.connection.prepare(sql).unwrap();
        let pages = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)));
        let pages = pages.unwrap().map(Result::unwrap);
        pages
            .filter(|(_, page)| text.is_none_or(|text| holds(page, text)))
            .map(|(segment, _)| segment)
            .collect()
    }

    fn files_hold(&self, text: &str) -> bool {
        let files = ["kontor.db", "kontor.db-wal"].map(|name| self.folder.path().join(name));
        files
            .iter()
            .filter(|file| file.exists())
            .any(|file: &PathBuf| holds(&std::fs::read(file).unwrap(), text))
    }

    fn count(&self, word: &str) -> i64 {
        let sql = "SELECT count(*) FROM message_fts WHERE message_fts MATCH ?1";
        self.connection.query_row(sql, [word], |row| row.get(0)).unwrap()
    }

    fn check(&self) {
        let check = "INSERT INTO message_fts (message_fts) VALUES ('integrity-check')";
        self.connection.execute_batch(check).unwrap();
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn text(id: i64) -> String {
    // Words enough for several pages, each of its own.
    let words: Vec<String> = (0..80).map(|n| format!("ware{:05}", (n * 40 + id) * 7919 % 99_991)).collect();
    let marker = match id {
        11 => EARLY,
        29 => LATE,
        _ => "lager",
    };
    format!("{marker} {}", words.join(" "))
}

#[test]
fn what_is_taken_back_while_the_index_is_half_merged_is_gone_from_every_byte_and_stays_gone() {
    for (id, marker, other) in [(11, EARLY, LATE), (29, LATE, EARLY)] {
        let index = Index::half_merged(true);
        assert_eq!((index.count(marker), index.count(other), index.count("lager")), (1, 1, 38));
        index.delete(id);
        for moment in ["half merged", "merged to the end"] {
            assert!(!index.files_hold(marker), "{marker}, {moment}");
            assert_eq!(
                (index.count(marker), index.count(other), index.count("lager")),
                (0, 1, 38),
                "{moment}"
            );
            index.check();
            while merge_pages(&index.connection, 1).unwrap() {}
        }
        assert!(index.segments_with(Some(other)).is_disjoint(&index.inputs), "the merge has an end");
    }
}

#[test]
fn without_its_own_secure_delete_a_half_merged_index_would_keep_the_text() {
    for (id, marker) in [(11, EARLY), (29, LATE)] {
        let index = Index::half_merged(false);
        index.delete(id);
        assert!(index.files_hold(marker), "then the test above could not fail, and proves nothing: {marker}");
    }
}
