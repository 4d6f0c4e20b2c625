//! Replies on their way. `machine` is pure; `sender` performs.

pub mod machine;
