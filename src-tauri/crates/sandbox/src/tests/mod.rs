//! The simulators against the documents they were written from.

mod matrix_rooms;
mod matrix_sessions;
mod matrix_sync;
mod support;
mod world;
