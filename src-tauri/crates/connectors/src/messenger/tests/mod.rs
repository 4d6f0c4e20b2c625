//! The glue against a Page made of plain values: what is asked, what is understood, what is never done twice.

mod fake;
mod fetching;
mod hostile;
mod kinds;
mod reading;
mod renewal;
mod sending;
mod signing_in;
