//! Where a real browser meets the sandbox: the consent dialog of the simulated Messenger and the page it comes back by, on
//! a loopback port, for as long as the sandbox is open. Everything else goes into the world without a socket.
//!
//! A reader of `GET` requests and no more: no bodies, no connection kept, nothing but invented pages to be had.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use http::Request;
use sandbox::World;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

/// Longest head of a request, in bytes: an address with a consent in it stays far below.
const LARGEST_HEAD: usize = 16 << 10;
/// A browser opens connections that it may never use.
const PATIENCE: Duration = Duration::from_secs(10);
/// Where a browser finds the page that leads back.
const BOUNCE: &str = "/bounce";

/// A listening port.
pub(crate) struct Door {
    listener: TcpListener,
    /// `http://127.0.0.1:<port>`.
    pub base: Url,
}

impl Door {
    /// Any free port; none where a machine gives none. Then there is no browser to practise with, and nothing else is lost.
    pub fn open() -> Option<Self> {
        let opened = || -> io::Result<Self> {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listener.set_nonblocking(true)?;
            let base = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
            Ok(Self { listener, base: Url::parse(&base).map_err(io::Error::other)? })
        };
        opened().inspect_err(|error| tracing::warn!(%error, "the sandbox has no door for a browser")).ok()
    }

    /// Where a sign-in in the browser comes back to.
    pub fn bounce(&self) -> String {
        self.base.join(BOUNCE).map_or_else(|_| self.base.to_string(), String::from)
    }

    /// Answers until it is dropped.
    pub async fn serve(&self, world: &World) {
        let listener = self.listener.try_clone().and_then(tokio::net::TcpListener::from_std);
        let listener = match listener {
            Ok(listener) => listener,
            Err(error) => {
                tracing::warn!(%error, "the sandbox's door stays shut");
                return std::future::pending().await;
            }
        };
        let mut visits = FuturesUnordered::new();
        loop {
            tokio::select! {
                Ok((stream, _)) = listener.accept() => {
                    visits.push(tokio::time::timeout(PATIENCE, visit(stream, world)));
                }
                Some(_) = visits.next(), if !visits.is_empty() => {}
            }
        }
    }
}

async fn visit(mut stream: TcpStream, world: &World) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let mut piece = [0; 2048];
        let read = stream.read(&mut piece).await?;
        if read == 0 || head.len() + read > LARGEST_HEAD {
            return Ok(());
        }
        head.extend_from_slice(&piece[..read]);
    }
    let line = String::from_utf8_lossy(&head);
    let mut words = line.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let answer = match request(method, target) {
        Some(request) => world.answer(request).await?,
        None => {
            let mut refused = http::Response::new(bytes::Bytes::new());
            *refused.status_mut() = http::StatusCode::BAD_REQUEST;
            refused
        }
    };
    let (parts, body) = answer.into_parts();
    let mut written = format!("HTTP/1.1 {}\r\n", parts.status);
    for (name, value) in &parts.headers {
        written += &format!("{name}: {}\r\n", value.to_str().unwrap_or_default());
    }
    written +=
        &format!("content-length: {}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(written.as_bytes()).await?;
    stream.write_all(&body).await?;
    stream.shutdown().await
}

/// The same request as the world knows it: one host has the dialog, another the page that leads back.
fn request(method: &str, target: &str) -> Option<Request<bytes::Bytes>> {
    let path = target.split('?').next().unwrap_or_default();
    let host = if path == BOUNCE { sandbox::BOUNCE_HOST } else { "www.facebook.com" };
    let request = Request::get(format!("https://{host}{target}")).body(bytes::Bytes::new()).ok()?;
    (method == "GET" && target.starts_with('/')).then_some(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reading_goes_through_and_only_to_the_two_pages_hosts() {
        let host = |method, target| Some(request(method, target)?.uri().host()?.to_owned());
        assert_eq!(host("GET", "/v25.0/dialog/oauth?a=b").as_deref(), Some("www.facebook.com"));
        assert_eq!(host("GET", "/bounce?code=1").as_deref(), Some(sandbox::BOUNCE_HOST));
        for (method, target) in [("POST", "/bounce"), ("GET", "https://graph.facebook.com/"), ("GET", "")] {
            assert_eq!(host(method, target), None, "{method} {target}");
        }
    }
}
