//! Between SQL values and nouns: the words of enums, ids, JSON.

use super::media::MediaState;
use crate::{Error, ReadTx, Result};
use model::action::By;
use model::attachment::AttachmentKind;
use model::conversation::ConversationKind;
use model::message::{Direction, MessageKind};
use model::outbox::{FailReason, OutboxState};
use model::{AccountId, ActionId, ConversationId, MediaId, OpId, RemoteId, Timestamp};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value, ValueRef};
use rusqlite::{OptionalExtension, Params, Row, ToSql};
use uuid::Uuid;

/// A noun in SQL's clothes: `Sql(timestamp)` is a parameter, `row.get::<_, Sql<Timestamp>>(0)?.0` a value.
pub(crate) struct Sql<T>(pub(crate) T);

macro_rules! integers {
    ($($noun:ident)+) => {$(
        impl ToSql for Sql<$noun> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> { Ok(ToSqlOutput::from(self.0.0)) }
        }
        impl FromSql for Sql<$noun> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> { Ok(Sql($noun(value.as_i64()?))) }
        }
    )+};
}
use model::{AttachmentId, ContactId, MessageId};
integers!(Timestamp ConversationId MessageId ContactId AttachmentId);

macro_rules! texts {
    ($($noun:ident)+) => {$(
        impl ToSql for Sql<&$noun> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> { Ok(ToSqlOutput::from(self.0.as_str())) }
        }
        impl FromSql for Sql<$noun> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> { Ok(Sql($noun(value.as_str()?.to_owned()))) }
        }
    )+};
}
texts!(RemoteId MediaId);

macro_rules! uuids {
    ($($noun:ident)+) => {$(
        impl ToSql for Sql<$noun> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Owned(Value::Blob(self.0.0.as_bytes().to_vec())))
            }
        }
        impl FromSql for Sql<$noun> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let bytes: [u8; 16] = value.as_blob()?.try_into().map_err(|_| FromSqlError::InvalidType)?;
                Ok(Sql($noun(Uuid::from_bytes(bytes))))
            }
        }
    )+};
}
uuids!(AccountId ActionId OpId);

macro_rules! words {
    ($($noun:ident { $($variant:ident $word:literal)+ })+) => {$(
        impl ToSql for Sql<$noun> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(match self.0 { $($noun::$variant => $word),+ }))
            }
        }
        impl FromSql for Sql<$noun> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok(Sql($noun::$variant)),)+
                    _ => Err(FromSqlError::InvalidType),
                }
            }
        }
    )+};
}
words! {
    ConversationKind { Direct "direct" Group "group" Request "request" }
    MessageKind {
        Plain "plain" Notice "notice" StoryReply "story_reply" StoryMention "story_mention"
        Encrypted "encrypted" Unsupported "unsupported"
    }
    AttachmentKind {
        Image "image" Video "video" Audio "audio" File "file" Sticker "sticker" Story "story" Share "share"
    }
    OutboxState {
        Held "held" Queued "queued" Dispatching "dispatching" Sent "sent" Unknown "unknown"
        NeedsPerson "needs_person" Failed "failed" Cancelled "cancelled"
    }
    By { Person "person" Kontor "kontor" }
    MediaState { Absent "absent" Fetched "fetched" }
    FailReason {
        WindowClosed "window_closed" TooLong "too_long" AttachmentRefused "attachment_refused"
        SignInAgain "sign_in_again" RecipientUnavailable "recipient_unavailable" Encrypted "encrypted"
        OtherAppInControl "other_app_in_control" Refused "refused" Unconfirmed "unconfirmed" Overdue "overdue"
    }
}

/// A value that may be absent.
pub(crate) fn maybe<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>>
where
    Sql<T>: FromSql,
{
    Ok(row.get::<_, Option<Sql<T>>>(column)?.map(|value| value.0))
}

/// A value that is there.
pub(crate) fn value<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    Sql<T>: FromSql,
{
    Ok(row.get::<_, Sql<T>>(column)?.0)
}

/// A column that holds JSON.
pub(crate) fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// Which way, from `is_outbound`.
pub(crate) fn direction(row: &Row<'_>, column: &str) -> rusqlite::Result<Direction> {
    Ok(if row.get(column)? { Direction::Out } else { Direction::In })
}

impl ReadTx<'_> {
    /// The first row, if there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        self.watch(self.prepare(sql)?.query_row(params, read).optional())
    }

    /// All rows.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.prepare(sql)?;
        let rows = statement.query_map(params, read).and_then(Iterator::collect);
        self.watch(rows)
    }

    /// The short number by which other tables name an account.
    pub(crate) fn account_no(&self, id: AccountId) -> Result<i64> {
        if let Some((_, no)) = self.account.get().filter(|(known, _)| *known == id) {
            return Ok(no);
        }
        let no = self
            .one("SELECT no FROM account WHERE id = ?1", [Sql(id)], |row| row.get(0))?
            .ok_or(Error::Missing("account"))?;
        self.account.set(Some((id, no)));
        Ok(no)
    }
}

impl crate::WriteTx<'_> {
    /// Runs a statement; how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.watch(self.prepare(sql)?.execute(params))
    }
}
