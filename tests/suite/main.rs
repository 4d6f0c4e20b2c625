//! The one test binary: the real engine and store against the simulated platforms, in simulated time, through the front
//! door (the calls a UI has).

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

mod accounts; // signing in, trouble with accounts, signing in again
mod anew; // a new profile in place of one that cannot be opened
mod audit; // what was never announced is found
mod bad_input; // what is wrong is said, costs nobody else, loses nothing
mod contract; // what every connector must do
mod inbound; // what customers do arrives once and in order
mod network; // a network that comes and goes, or answers in the platforms' place
mod notices; // who is told what, when
mod outbox; // replies: once, undone, lost, found, asked about
mod page_list; // what the list of a Page's threads does not show
mod profiles; // keys, passphrases, temporary profiles, the sandbox
mod secrets; // canaries in logs, errors and files
mod set_clock; // a clock that is set while Kontor runs
mod sign_in_term; // sign-ins that end by themselves
mod skew; // a machine whose clock is days off
mod storms; // a day of random people and faults in seconds, by seed
mod throttled; // platforms that ask for fewer calls of one kind
mod tidy; // the rules of the repository: arrows, sizes, words, licences
mod twins; // two replies with the same words
mod webview; // the reviewed capabilities and the content policy
