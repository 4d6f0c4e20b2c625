//! One request in, one answer out.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::{Asked, World};
use crate::faults::{Fate, TRAVEL_MS, fate};
use crate::wire::{self, Answer};
use crate::{brand_day, matrix, messenger};

/// Where the simulated brands keep the static page that an OAuth redirect comes back to.
pub const BOUNCE_HOST: &str = "bounce.kontor.example";

impl World {
    /// Answers one request as the platform would, by the host it names: the Graph hosts, Meta's media hosts, and the
    /// world's Matrix servers. May wait, on a long poll or a slow day.
    ///
    /// # Errors
    /// The kind says what a socket would say. `ConnectionRefused`: no byte left, nothing was done. Any other kind:
    /// bytes may have left, and the platform may have acted on them.
    pub async fn answer(&self, request: Request<Bytes>) -> io::Result<Response<Bytes>> {
        self.settle();
        let now_ms = self.now_ms();
        let (number, flap) = {
            let mut state = self.lock();
            (state.requests.add(Asked::of(&request, now_ms)), state.flap)
        };
        let answered = match flap.and_then(|flap| flap.lasts_ms(now_ms)) {
            None => self.answer_to_a_network(request).await,
            Some(0) => Err(io::ErrorKind::ConnectionRefused.into()),
            Some(lasts_ms) => {
                let travelling = async {
                    pause(TRAVEL_MS).await;
                    let answered = self.answer_to_a_network(request).await;
                    pause(TRAVEL_MS).await;
                    answered
                };
                tokio::select! {
                    answered = travelling => answered,
                    () = pause(lasts_ms) => Err(io::ErrorKind::ConnectionReset.into()),
                }
            }
        };
        let outcome = answered.as_ref().map(|answer| answer.status().as_u16()).map_err(io::Error::kind);
        self.lock().requests.close(number, outcome);
        answered
    }

    /// The same on a network that is there.
    async fn answer_to_a_network(&self, request: Request<Bytes>) -> io::Result<Answer> {
        self.settle();
        let now_ms = self.now_ms();
        let mishap = self.lock().book.choose(&request);
        match fate(mishap, now_ms, messenger::is_ours(&wire::host(&request))) {
            Fate::Served => self.serve(request).await,
            Fate::Failed { after_ms, kind } => {
                pause(after_ms).await;
                Err(kind.into())
            }
            Fate::Replaced { answer } => Ok(answer),
            Fate::Late { accept_after_ms, give_up_after_ms } => {
                self.accept_later(request, now_ms + accept_after_ms);
                pause(give_up_after_ms).await;
                Err(io::ErrorKind::ConnectionReset.into())
            }
            Fate::ServedThen { wait_ms, change } => {
                let answer = self.serve(request).await?;
                pause(wait_ms).await;
                change(answer)
            }
        }
    }

    /// The same as [`World::answer`] without faults and without waiting; only for requests that change something.
    fn accept_later(&self, request: Request<Bytes>, at_ms: i64) {
        self.schedule(at_ms, move |world, _| {
            let _ = world.serve_at_once(&request);
            world.wake();
        });
    }

    async fn serve(&self, request: Request<Bytes>) -> io::Result<Answer> {
        if matrix::is_sync(&request)
            && let Some(server) = self.matrix_for(&wire::host(&request))
        {
            // Synapse dates an answer when the question comes in, however long the poll is.
            let date = wire::http_date(self.now_ms());
            let mut answer = matrix::sync(self, &server, &request).await?;
            wire::set(&mut answer, "date", &date);
            return Ok(answer);
        }
        self.serve_at_once(&request)
    }

    fn serve_at_once(&self, request: &Request<Bytes>) -> io::Result<Answer> {
        let host = wire::host(request);
        let now_ms = self.now_ms();
        let mut answer = if let Some(server) = self.matrix_for(&host) {
            matrix::answer(self, &server, &host, request, now_ms)?
        } else if messenger::is_ours(&host) {
            messenger::answer(self, &host, request, now_ms)?
        } else if host == BOUNCE_HOST {
            wire::html(200, include_str!("../../../connect/bounce/index.html"))
        } else {
            // Nobody answers to that name.
            return Err(io::ErrorKind::ConnectionRefused.into());
        };
        if answer.status() == 200 {
            brand_day::notice(self, &host, request, now_ms);
        }
        wire::set(&mut answer, "date", &wire::http_date(now_ms));
        Ok(answer)
    }

    /// The Matrix server a host name stands for: its own, or the domain its users live on.
    fn matrix_for(&self, host: &str) -> Option<String> {
        let state = self.lock();
        if state.matrix.contains_key(host) {
            return Some(host.to_owned());
        }
        state.matrix.iter().find(|(_, server)| server.domain == host).map(|(name, _)| name.clone())
    }
}

async fn pause(ms: i64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms.unsigned_abs())).await;
    }
}
