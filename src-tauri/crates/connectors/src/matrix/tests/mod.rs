//! Tests of the connector: mapping against fixtures, glue against a server made of a closure.

mod inbound;
mod login;
mod mutation;
mod outbound;
mod session;
mod support;
