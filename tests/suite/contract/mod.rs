//! What every connector must do, tried on every registered one: a new platform brings a stage and gets all of it.

mod arrivals; // reading: once, again, to the beginning
mod facts; // what a platform says of itself
mod files; // bytes out and in
mod matrix;
mod messenger;
mod replies; // sending: once, found, not found
mod signing_in;
mod stage;
mod trouble; // refusals, limits, broken and hostile answers

use stage::Stage;

/// Plays a case on every connector there is, each in a fresh world.
async fn everywhere(case: impl AsyncFn(&Stage)) {
    let mut played = 0;
    for connector in connectors::all(&connectors::Endpoints::default()) {
        let id = connector.descriptor().id.clone();
        eprintln!("on {id}"); // Shown when the case fails.
        let scene = match id.as_str() {
            "matrix" => matrix::scene,
            "messenger" => messenger::scene,
            other => panic!(
                "`{other}` is registered but has no stage: add one beside tests/suite/contract/matrix.rs"
            ),
        };
        case(&Stage::set(connector, scene)).await;
        played += 1;
    }
    assert!(played > 0, "no connector is registered");
}
