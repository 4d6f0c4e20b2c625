//! What every platform shares: the contract of a connector, and the tools to keep it.
//!
//! Absent on purpose: any platform by name, storage, tasks of its own.

pub mod budget;
pub mod connector;
pub mod fault;
pub mod http;
pub mod login;
pub mod oauth;
pub mod skew;
mod sockets;
pub mod time;
pub mod transport;
mod turns;

pub use budget::{Budget, Effect};
pub use connector::{
    Connector, Descriptor, LoginParts, Pulled, Receipt, SecretKeeper, Secrets, Session, SessionParts, Term,
};
pub use fault::{Certainty, Fault, FaultKind, Refusal};
pub use http::Http;
pub use login::{
    FieldKind, Login, LoginChoice, LoginFailure, LoginField, LoginInput, LoginMethod, LoginProblem,
    LoginStep, SignedIn,
};
pub use skew::{PlatformClock, SLACK_MS, Sighting, Skew};
pub use time::{Clock, Dice, EvenClock};
pub use transport::{Transport, TransportError};
