//! The `state` of a sign-in: 256 bits from the operating system, and where the redirect has to come back to.

use crate::fault::{Fault, FaultKind};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `kontor.<provider>.<port>.<43 characters>`: the random part proves that a redirect belongs to this sign-in, the rest
/// tells the bounce page where to go on. Port 0 = nobody listens, the person pastes.
#[derive(Clone, PartialEq, Eq)]
pub struct State(String);

impl State {
    /// A fresh one. `provider` is the platform's id: lower-case letters only, 2 to 20, because it becomes a path.
    ///
    /// Fails if the operating system has no random bytes.
    pub fn new(provider: &'static str, port: Option<u16>) -> Result<Self, Fault> {
        assert!(
            (2..=20).contains(&provider.len()) && provider.bytes().all(|byte| byte.is_ascii_lowercase()),
            "a provider is named by its platform id"
        );
        Ok(Self(format!("kontor.{provider}.{}.{}", port.unwrap_or(0), random_text()?)))
    }

    /// The text as it goes into the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a redirect brought exactly this state; takes the same time wherever they differ.
    pub fn is(&self, brought: &str) -> bool {
        is_same(&self.0, brought)
    }
}

/// Compares without telling by its duration where two texts differ.
pub(crate) fn is_same(expected: &str, brought: &str) -> bool {
    let difference = expected.bytes().zip(brought.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    std::hint::black_box(difference) == 0 && expected.len() == brought.len()
}

/// 256 random bits as 43 characters of base64url.
pub(super) fn random_text() -> Result<String, Fault> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|_| Fault::not_done(FaultKind::Unavailable, "the system gave no random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
