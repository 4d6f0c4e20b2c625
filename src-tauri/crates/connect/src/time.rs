//! The two hidden inputs of every program, made visible: the time and chance.

use model::Timestamp;

/// Tells the time. The engine has the real one and a simulated one.
pub trait Clock: Send + Sync {
    /// Now, by this machine's clock.
    fn now(&self) -> Timestamp;
}

/// Rolls dice: jitter, ids, nonces that need not be secret.
pub trait Dice: Send + Sync {
    /// Fills the slice.
    fn fill(&self, bytes: &mut [u8]);

    /// A number from 0 (included) to 1 (excluded).
    fn fraction(&self) -> f64 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    }
}
