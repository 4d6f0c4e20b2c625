//! Read-only connections. The most recently used one goes first: its page cache is warm.

use crate::connection::Opener;
use crate::error::{Error, Result};
use crate::halt::Halt;
use crate::lane::on_blocking_pool;
use crate::tx::ReadTx;
use crate::vault::Keys;
use rusqlite::Connection;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

pub(crate) struct Readers {
    opener: Opener,
    keys: Arc<Keys>,
    halt: Arc<Halt>,
    idle: Arc<Mutex<Vec<Connection>>>,
    seats: Arc<Semaphore>,
    seat_count: u32,
}

impl Readers {
    /// Connections are opened when they are first needed, at most `seat_count` of them.
    pub(crate) fn new(opener: Opener, keys: Arc<Keys>, halt: Arc<Halt>, seat_count: u32) -> Self {
        Self {
            opener,
            keys,
            halt,
            idle: Arc::default(),
            seats: Arc::new(Semaphore::new(seat_count as usize)),
            seat_count,
        }
    }

    pub(crate) fn opener(&self) -> &Opener {
        &self.opener
    }

    pub(crate) async fn read<T, E>(
        &self,
        f: impl FnOnce(&ReadTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let seat = self.seats.clone().acquire_owned().await.map_err(|_| Error::Closed)?;
        let (opener, keys, idle) = (self.opener.clone(), self.keys.clone(), self.idle.clone());
        let halt = self.halt.clone();
        on_blocking_pool(move || {
            let _seat = seat;
            let pop = || idle.lock().expect("nobody panics while holding this lock").pop();
            let mut connection = match pop() {
                Some(connection) => connection,
                None => halt.watch(opener.open_reader())?,
            };
            let (value, failure) = {
                let transaction = halt.watch(connection.transaction().map_err(Error::from))?;
                let tx = ReadTx::new(&transaction, &keys);
                (f(&tx), tx.failure())
            };
            halt.note(failure);
            // SQLCipher does not get over a page that it could not read: the next look takes another connection.
            if failure.is_none() {
                idle.lock().expect("nobody panics while holding this lock").push(connection);
            }
            value
        })
        .await
        .unwrap_or_else(|| Err(Error::Closed.into()))
    }

    /// Waits for reads under way, then closes all connections.
    pub(crate) async fn close(&self) {
        if let Ok(_all) = self.seats.acquire_many(self.seat_count).await {
            self.seats.close();
            self.idle.lock().expect("nobody panics while holding this lock").clear();
        }
    }
}
