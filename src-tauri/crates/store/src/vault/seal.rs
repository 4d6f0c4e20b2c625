//! Authenticated encryption of small values: XChaCha20-Poly1305, random nonce in front.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

const NONCE_BYTES: usize = 24;

/// A key for sealing. 192-bit random nonces: no counter to keep, no practical chance of a repeat.
#[derive(Clone)]
pub(crate) struct SealKey(Zeroizing<[u8; 32]>);

impl SealKey {
    pub(crate) fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self(key)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.0))
    }

    /// Seals `plain`; `about` is what it belongs to and must be the same when it is opened.
    pub(crate) fn seal(&self, about: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = random();
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: about })
            .expect("a value that fits in memory is far below the cipher's limit of 256 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    /// The value again; none if the key, `about` or any bit differs.
    pub(crate) fn open(&self, about: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let plain = self.cipher().decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: about });
        plain.ok().map(Zeroizing::new)
    }
}

/// Bytes of the operating system's generator. Keys, salts and nonces come from here and never from `Dice`, whose
/// numbers a seed repeats.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system's random generator works");
    bytes
}
