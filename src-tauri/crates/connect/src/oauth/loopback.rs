//! The listener a redirect comes back to: 127.0.0.1 only, one shot, five minutes.
//!
//! Any program and any web page on this machine can knock here, so nothing is believed but a GET with the exact host,
//! the exact path and the state of this very sign-in; everybody else gets an error and the wait goes on.

use super::state::is_same;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The ports tried, in this order: fixed, because some providers want the exact address registered. The bounce page
/// goes on to no other port.
pub const PORTS: [u16; 5] = [23811, 23812, 23813, 23814, 23815];

/// How long a person has to consent.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long one visitor may take to speak; browsers open connections in advance and say nothing on them.
const VISIT_TIMEOUT: Duration = Duration::from_secs(10);
/// Visitors at once; more wait.
const MAX_VISITS: usize = 16;
/// Largest request taken: codes are long, but not that long.
const MAX_HEAD_BYTES: usize = 8 << 10;
/// What the browser shows in the end; holds no secret.
const DONE_PAGE: &str = include_str!("../../bounce/done.html");

/// Why no redirect came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoopbackError {
    /// All ports are taken: the person pastes instead.
    #[error("every loopback port is taken")]
    NoPort,
    /// Nobody came within five minutes.
    #[error("no redirect came in time")]
    TimedOut,
    /// The listener broke.
    #[error("the loopback listener broke")]
    Broken,
}

/// A bound listener for one sign-in.
#[derive(Debug)]
pub struct Loopback {
    listener: TcpListener,
    port: u16,
    path: String,
}

impl Loopback {
    /// Takes the first free port of [`PORTS`] for `http://127.0.0.1:<port>/cb/<provider>`.
    pub async fn bind(provider: &'static str) -> Result<Self, LoopbackError> {
        for port in PORTS {
            if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
                return Ok(Self { listener, port, path: format!("/cb/{provider}") });
            }
        }
        Err(LoopbackError::NoPort)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address a provider redirects to when no bounce page stands between.
    pub fn redirect(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.path)
    }

    /// The parameters of the redirect that brings this state. Driven by the caller. The port stays
    /// open until this is dropped, so that somebody who refused can think again.
    pub async fn wait(&self, state: &str) -> Result<BTreeMap<String, String>, LoopbackError> {
        let host = format!("127.0.0.1:{}", self.port);
        let mut visits = FuturesUnordered::new();
        let mut failures = 0;
        let patience = tokio::time::sleep(PATIENCE);
        tokio::pin!(patience);
        loop {
            tokio::select! {
                () = &mut patience => return Err(LoopbackError::TimedOut),
                accepted = self.listener.accept(), if visits.len() < MAX_VISITS => match accepted {
                    Ok((stream, _)) => {
                        let visit = receive(stream, &host, &self.path, state);
                        visits.push(tokio::time::timeout(VISIT_TIMEOUT, visit));
                    }
                    Err(_) if failures < 100 => failures += 1,
                    Err(_) => return Err(LoopbackError::Broken),
                },
                Some(visit) = visits.next(), if !visits.is_empty() => {
                    if let Ok(Some(parameters)) = visit {
                        return Ok(parameters);
                    }
                }
            }
        }
    }
}

async fn receive(
    mut stream: TcpStream,
    host: &str,
    path: &str,
    state: &str,
) -> Option<BTreeMap<String, String>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() <= MAX_HEAD_BYTES {
        if stream.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let judged = judge(&head, host, path, state);
    let (status, page) = match &judged {
        Ok(_) => ("200 OK", DONE_PAGE),
        Err(status) => (*status, ""),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\
         Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{page}",
        page.len(),
    );
    // Whether the browser still reads the page does not matter: the parameters are here.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
    judged.ok()
}

/// The parameters of a redirect that is ours, or the status that everybody else gets.
fn judge(head: &[u8], host: &str, path: &str, state: &str) -> Result<BTreeMap<String, String>, &'static str> {
    const BAD: &str = "400 Bad Request";
    if head.len() > MAX_HEAD_BYTES {
        return Err(BAD);
    }
    let text = std::str::from_utf8(head).map_err(|_| BAD)?;
    let (text, _) = text.split_once("\r\n\r\n").ok_or(BAD)?;
    let (request, fields) = text.split_once("\r\n").ok_or(BAD)?;
    let [method, target, version] = request.split(' ').collect::<Vec<_>>()[..] else { return Err(BAD) };
    let hosts: Vec<&str> = fields
        .split("\r\n")
        .filter_map(|field| field.split_once(':'))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("host"))
        .map(|(_, value)| value.trim())
        .collect();
    if method != "GET" || !version.starts_with("HTTP/1.") || hosts != [host] {
        return Err(BAD);
    }
    let (asked, query) = target.split_once('?').unwrap_or((target, ""));
    if asked != path {
        return Err("404 Not Found");
    }
    let mut parameters = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(BAD);
        }
    }
    match parameters.get("state") {
        Some(brought) if is_same(state, brought) => Ok(parameters),
        _ => Err(BAD),
    }
}
