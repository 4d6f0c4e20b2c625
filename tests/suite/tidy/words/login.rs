//! Signing in is drawn from what a connector says: each method, field and reason it can name has its words.

use super::{ADD, ENGLISH, has, words};
use crate::tidy::assert_none;
use crate::tidy::source::files;
use connect::{Connector, Http, LoginInput, LoginParts, LoginStep, Transport};
use engine::clock::{SeededDice, SimulatedClock};
use model::Timestamp;
use std::io::ErrorKind;
use std::sync::Arc;

/// A sign-in that reaches nobody: what it asks first, it asks without.
fn parts(connector: &dyn Connector) -> LoginParts {
    let clock = Arc::new(SimulatedClock::starting_at(Timestamp(0)));
    let nowhere = Transport::direct(|_| async { Err(ErrorKind::ConnectionRefused.into()) });
    LoginParts {
        http: Http::new(nowhere, clock.clone(), connector.budget(Timestamp(0))),
        clock,
        dice: Arc::new(SeededDice::new(1)),
        again: None,
    }
}

/// The reasons in a connector's source: what follows `=> Some("` in a file that fills in `reason`.
fn reasons(platform: &str) -> Vec<String> {
    let sources = files(&format!("src-tauri/crates/connectors/src/{platform}"), &[".rs"]);
    let sources = sources.iter().filter(|file| !file.is_test() && file.text.contains("let reason = match"));
    let reasons = sources.flat_map(|file| file.text.split("=> Some(\"").skip(1));
    reasons.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_step_of_signing_in_has_its_words() {
    let words = words(ENGLISH);
    let mut wanted = Vec::new();
    for connector in connectors::all(&connectors::Endpoints::default()) {
        let facts = connector.descriptor();
        let platform = facts.id.as_str().to_owned();
        wanted.extend(reasons(&platform).iter().map(|reason| format!("login.{platform}.reason.{reason}")));
        for method in &facts.login_methods {
            wanted.push(format!("login.{platform}.{}", method.id));
            let mut login =
                connector.login(method.id, parts(connector.as_ref())).expect("a method of its own");
            let first = login.next(LoginInput::Start).await.expect("the first step asks nobody");
            if let LoginStep::Fields(fields) = first {
                wanted.extend(fields.iter().map(|field| format!("login.{platform}.field.{}", field.name)));
            }
        }
    }
    assert!(wanted.iter().any(|key| key.contains(".reason.")), "the connectors' reasons are found");
    assert_none(wanted.into_iter().filter(|key| !has(&words, key)).collect(), ADD);
}
