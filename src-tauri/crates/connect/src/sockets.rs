//! The transport over real sockets.
//!
//! What must hold: one call is one request on the wire (no redirect followed, nothing retried), an answer is never
//! read beyond its cap, and `NotSent` is said only where no byte of the request can have left.

use crate::transport::{Answer, Bounds, Transport, TransportError};
use ::http::{Request, Response};
use bytes::{Bytes, BytesMut};
use reqwest::Client;
use std::error::Error;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long a connection may take to stand (name, TCP, TLS).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an unused connection is kept: short, so that a send rarely meets one the server has closed already.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);
const UNPOISONED: &str = "no holder of the connections panics";
/// Who we say we are.
const USER_AGENT: &str = concat!("Kontor/", env!("CARGO_PKG_VERSION"));

impl Transport {
    /// A transport over TCP and TLS, through the system's proxy except to loopback addresses.
    ///
    /// Reads the system's certificates and proxy settings with the first request, since that takes longer than anything else
    /// at the start; where they cannot be read, the request is not sent, and the next one tries again.
    pub fn sockets() -> Transport {
        let clients = Arc::<Mutex<Arc<Clients>>>::default();
        let anew = Arc::clone(&clients);
        let forget = move || *anew.lock().expect(UNPOISONED) = Arc::default();
        let exchange = move |request: Request<Bytes>, bounds| -> Answer {
            let clients = clients.lock().expect(UNPOISONED).clone();
            Box::pin(async move { exchange(clients.client_for(&request).await?, request, bounds).await })
        };
        Self { exchange: Arc::new(exchange), forget: Arc::new(forget) }
    }
}

/// Two pools of connections: to other machines, and to this one. Each is there from the first request that needs it.
#[derive(Default)]
struct Clients {
    outside: OnceCell<Client>,
    loopback: OnceCell<Client>,
}

impl Clients {
    async fn client_for(&self, request: &Request<Bytes>) -> Result<Client, TransportError> {
        let is_outside = !is_loopback(request);
        let place = if is_outside { &self.outside } else { &self.loopback };
        place.get_or_try_init(async || client(is_outside)).await.cloned()
    }
}

fn client(uses_proxy: bool) -> Result<Client, TransportError> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that speaks to the network")]
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false);
    let builder = if uses_proxy { builder } else { builder.no_proxy() };
    builder.build().map_err(|error| TransportError::NotSent(io_kind(&error)))
}

fn is_loopback(request: &Request<Bytes>) -> bool {
    let host = request.uri().host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

async fn exchange(
    client: Client,
    request: Request<Bytes>,
    bounds: Bounds,
) -> Result<Response<Bytes>, TransportError> {
    let mut request = reqwest::Request::try_from(request.map(reqwest::Body::from))
        .map_err(|_| TransportError::NotSent(ErrorKind::InvalidInput))?;
    *request.timeout_mut() = Some(bounds.timeout);
    let mut answer = client.execute(request).await.map_err(classify)?;

    let mut response = Response::new(Bytes::new());
    *response.status_mut() = answer.status();
    *response.version_mut() = answer.version();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    // Chunks come decoded, so the cap also holds against a small answer that unpacks to a huge one.
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(classify)? {
        if (body.len() + chunk.len()) as u64 > bounds.cap_bytes {
            return Err(TransportError::TooLarge { cap_bytes: bounds.cap_bytes });
        }
        body.extend_from_slice(&chunk);
    }
    *response.body_mut() = body.freeze();
    Ok(response)
}

/// A failure to connect or to build the request came before the first byte; about everything else we cannot know.
fn classify(error: reqwest::Error) -> TransportError {
    let kind = io_kind(&error);
    if is_proxy_asking(&error) {
        TransportError::ProxyWantsSignIn
    } else if error.is_connect() || error.is_builder() {
        TransportError::NotSent(kind)
    } else {
        TransportError::Broken(kind)
    }
}

/// Whether the tunnel was refused with 407. The error has no type that could be asked: a test holds on to its words.
fn is_proxy_asking(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.to_string().ends_with("proxy authorization required"))
}

fn io_kind(error: &reqwest::Error) -> ErrorKind {
    if error.is_timeout() {
        return ErrorKind::TimedOut;
    }
    let io = causes(error).find_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.map_or(ErrorKind::Other, std::io::Error::kind)
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream::{FuturesUnordered, StreamExt};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    const BOUNDS: Bounds = Bounds { timeout: Duration::from_secs(5), cap_bytes: 1000 };
    const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    fn request(port: u16) -> Request<Bytes> {
        Request::post(format!("http://127.0.0.1:{port}/send")).body(Bytes::from_static(b"body")).unwrap()
    }

    /// One request to its end, as it came.
    async fn read_request(stream: &mut TcpStream) -> String {
        let (mut text, mut buffer) = (String::new(), [0; 4096]);
        while !text.ends_with("body") {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(length) => text.push_str(&String::from_utf8_lossy(&buffer[..length])),
            }
        }
        text
    }

    /// How many bytes a request to a port of five digits is.
    async fn request_length() -> usize {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let transport = Transport::sockets();
        let read = async { read_request(&mut listener.accept().await.unwrap().0).await };
        tokio::select! {
            result = transport.exchange(request(port), BOUNDS) => unreachable!("nobody answers: {result:?}"),
            text = read => text.len() - port.to_string().len() + 5,
        }
    }

    /// Serves every connection the same answer and counts the requests that arrived whole.
    async fn serve(listener: TcpListener, answer: Vec<u8>, served: &AtomicUsize) {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await;
            served.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    }

    /// One exchange against a server that answers with these bytes and closes; also how many requests arrived.
    async fn against(answer: &[u8]) -> (Result<Response<Bytes>, TransportError>, usize) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = AtomicUsize::new(0);
        let transport = Transport::sockets();
        let result = tokio::select! {
            result = transport.exchange(request(port), BOUNDS) => result,
            () = serve(listener, answer.to_vec(), &served) => unreachable!("the server never ends"),
        };
        (result, served.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_refused_connection_was_certainly_not_sent() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = Transport::sockets().exchange(request(port), BOUNDS).await.unwrap_err();
        assert!(matches!(error, TransportError::NotSent(ErrorKind::ConnectionRefused)), "{error:?}");
    }

    #[tokio::test]
    async fn an_answer_cut_after_any_byte_is_broken_and_never_asked_for_again() {
        for length in (0..OK.len()).step_by(3) {
            let (result, served) = against(&OK[..length]).await;
            assert!(matches!(result, Err(TransportError::Broken(_))), "after {length} bytes: {result:?}");
            assert_eq!(served, 1, "after {length} bytes");
        }
        let (result, served) = against(OK).await;
        assert_eq!((result.unwrap().body().as_ref(), served), (b"hello".as_ref(), 1));
    }

    #[tokio::test]
    async fn a_connection_cut_after_any_byte_of_the_request_is_broken() {
        for length in 1..=request_length().await {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let connections = AtomicUsize::new(0);
            let cut = async {
                loop {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    connections.fetch_add(1, Ordering::SeqCst);
                    stream.read_exact(&mut vec![0; length]).await.unwrap();
                }
            };
            let transport = Transport::sockets();
            let result = tokio::select! {
                result = transport.exchange(request(port), BOUNDS) => result,
                () = cut => unreachable!("the server never ends"),
            };
            assert!(matches!(result, Err(TransportError::Broken(_))), "after {length} bytes: {result:?}");
            assert_eq!(connections.load(Ordering::SeqCst), 1, "after {length} bytes");
        }
    }

    #[tokio::test]
    async fn connections_are_used_again_until_they_are_to_be_forgotten() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = AtomicUsize::new(0);
        let serve = async {
            let mut open = FuturesUnordered::new();
            loop {
                tokio::select! {
                    Ok((mut stream, _)) = listener.accept() => {
                        connections.fetch_add(1, Ordering::SeqCst);
                        open.push(async move {
                            loop {
                                read_request(&mut stream).await;
                                if stream.write_all(OK).await.is_err() {
                                    return;
                                }
                            }
                        });
                    }
                    Some(()) = open.next() => {}
                }
            }
        };
        let transport = Transport::sockets();
        let calls = async {
            for (call, expected) in [1, 1, 2, 2].into_iter().enumerate() {
                if call == 2 {
                    transport.forget_connections();
                }
                transport.exchange(request(port), BOUNDS).await.unwrap();
                assert_eq!(connections.load(Ordering::SeqCst), expected, "call {call}");
            }
        };
        tokio::select! { () = calls => {}, () = serve => unreachable!("the server never ends") }
    }

    #[tokio::test]
    async fn an_answer_larger_than_its_cap_is_given_up() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n".to_vec();
        let (result, _) = against(&[head, vec![b'x'; 1001]].concat()).await;
        assert!(matches!(result, Err(TransportError::TooLarge { cap_bytes: 1000 })), "{result:?}");
    }

    #[tokio::test]
    async fn the_cap_counts_what_gzip_unpacks_to() {
        // 5,000 zero bytes, packed by `gzip -9n`.
        let packed: [u8; 40] = [
            0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x31, 0x01, 0x00, 0x00,
            0x00, 0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 0x0a, 0x3f, 0xa0, 0x00, 0x00, 0x00, 0x00, 0x80, 0xb7, 0x01,
            0xa8, 0x0e, 0xe5, 0xd8, 0x88, 0x13, 0x00, 0x00,
        ];
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
        let (result, _) = against(&[head.as_bytes(), &packed].concat()).await;
        assert!(matches!(result, Err(TransportError::TooLarge { .. })), "{result:?}");
    }

    #[tokio::test]
    async fn a_redirect_is_returned_and_not_followed() {
        let answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        let (result, served) = against(answer).await;
        assert_eq!((result.unwrap().status().as_u16(), served), (302, 1));
    }

    #[tokio::test]
    async fn a_proxy_that_wants_a_sign_in_is_told_from_a_platform_that_cannot_be_reached() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let answers = async {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.read(&mut [0; 4096]).await.unwrap();
                let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
                stream.write_all(refusal).await.unwrap();
            }
        };
        #[expect(clippy::disallowed_methods, reason = "a client whose proxy is here")]
        let client = Client::builder().proxy(reqwest::Proxy::all(proxy).unwrap()).build().unwrap();
        let request = Request::get("https://graph.example/me").body(Bytes::new()).unwrap();
        let error = tokio::select! {
            answer = exchange(client, request, BOUNDS) => answer.unwrap_err(),
            () = answers => unreachable!("the proxy never ends"),
        };
        assert!(matches!(error, TransportError::ProxyWantsSignIn), "{error:?}");
    }

    #[tokio::test]
    async fn a_server_that_never_answers_ends_with_the_bounds() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let bounds = Bounds { timeout: Duration::from_millis(50), cap_bytes: 10 };
        let error = Transport::sockets().exchange(request(port), bounds).await.unwrap_err();
        assert!(matches!(error, TransportError::Broken(ErrorKind::TimedOut)), "{error:?}");
    }
}
