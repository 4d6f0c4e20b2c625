//! How a request leaves: through a socket, or straight into a simulator.

use ::http::{Request, Response};
use bytes::Bytes;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No byte left (name, connection, TLS).
    #[error("not sent: {0}")]
    NotSent(std::io::ErrorKind),
    /// The proxy wants to be signed in to, and has passed nothing on.
    #[error("the proxy wants a sign-in")]
    ProxyWantsSignIn,
    /// The network says so itself, in the platform's place (RFC 6585, status 511), and has passed nothing on.
    #[error("the network wants a sign-in")]
    NetworkWantsSignIn,
    /// Bytes may have left before it broke (reset, time-out, cut answer).
    #[error("broken: {0}")]
    Broken(std::io::ErrorKind),
    /// The answer is larger than the cap of its call.
    #[error("the answer is larger than {cap_bytes} bytes")]
    TooLarge {
        /// The cap.
        cap_bytes: u64,
    },
}

/// What one exchange may cost.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Whole exchange.
    pub timeout: std::time::Duration,
    /// Largest answer taken, in bytes.
    pub cap_bytes: u64,
}

pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send>>;
type Exchange = dyn Fn(Request<Bytes>, Bounds) -> Answer + Send + Sync;

/// The way out. Never retries, never follows a redirect: one call is one request on the wire.
#[derive(Clone)]
pub struct Transport {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) forget: Arc<dyn Fn() + Send + Sync>,
}

impl Transport {
    /// A transport that hands requests straight to a function: a simulator in this process.
    ///
    /// The function's error kind decides like a socket's: `ConnectionRefused`, `NotFound`, `HostUnreachable` = not sent,
    /// all others = broken.
    pub fn direct<F, Fut>(answer: F) -> Self
    where
        F: Fn(Request<Bytes>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = std::io::Result<Response<Bytes>>> + Send + 'static,
    {
        let exchange = move |request, bounds: Bounds| -> Answer {
            let answer = answer(request);
            Box::pin(async move {
                match tokio::time::timeout(bounds.timeout, answer).await {
                    Err(_) => Err(TransportError::Broken(std::io::ErrorKind::TimedOut)),
                    Ok(Err(error)) => Err(match error.kind() {
                        kind @ (std::io::ErrorKind::ConnectionRefused
                        | std::io::ErrorKind::NotFound
                        | std::io::ErrorKind::HostUnreachable) => TransportError::NotSent(kind),
                        kind => TransportError::Broken(kind),
                    }),
                    Ok(Ok(response)) if response.body().len() as u64 > bounds.cap_bytes => {
                        Err(TransportError::TooLarge { cap_bytes: bounds.cap_bytes })
                    }
                    Ok(Ok(response)) => Ok(response),
                }
            })
        };
        Self { exchange: Arc::new(exchange), forget: Arc::new(|| {}) }
    }

    /// One exchange.
    pub async fn exchange(
        &self,
        request: Request<Bytes>,
        bounds: Bounds,
    ) -> Result<Response<Bytes>, TransportError> {
        (self.exchange)(request, bounds).await
    }

    /// From now on no call leaves on a connection that is open already: after the machine slept, their other ends are gone
    /// and nothing tells us so. What is under way stays under way.
    pub fn forget_connections(&self) {
        (self.forget)();
    }
}
