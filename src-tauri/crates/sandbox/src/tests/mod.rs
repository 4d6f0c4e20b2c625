//! The simulators against the documents they were written from.

mod brand_day;
mod matrix_rooms;
mod matrix_sessions;
mod matrix_sync;
mod messenger_auth;
mod messenger_limits;
mod messenger_page;
mod messenger_reading;
mod messenger_sending;
mod messenger_threads;
mod support;
mod world;
