//! Who there is: four accounts of two brands on two platforms, and their customers.

use crate::support::{MATRIX_HOST, Office};
use sandbox::{Matrix, Messenger};
use serde_json::{Value, json};

/// One of our accounts.
pub struct Desk {
    /// As the account is called in Kontor.
    pub name: String,
    pub login: Login,
    /// The platform has ended its sign-in, and nobody has signed in again.
    pub is_lost: bool,
}

pub enum Login {
    Matrix { user: String, local: String, password: String },
    Page { page: String, owner: String, app: String, secret: String, token: String },
}

/// A customer and the one conversation with them.
pub struct Customer {
    pub desk: usize,
    /// Unique: the conversation's title as well.
    pub name: String,
    /// Room and user, or page-scoped id twice.
    pub place: String,
    pub id: String,
    /// Messages that may still come after the first silent change: what lies deeper than the connector looks is not seen.
    pub room_left: Option<u32>,
}

pub fn matrix(office: &Office) -> Matrix {
    office.matrix()
}

/// Makes the accounts on the platforms and connects them.
pub async fn connect(office: &Office) -> Vec<Desk> {
    let _: Value = office.call("profile_prepare", json!({})).await;
    let mut desks = Vec::new();
    for (local, name) in [("brand", "Alpenblick"), ("second", "Nordlicht")] {
        let password = format!("secret-{local}");
        let user = office.matrix().create_user(local, &password, name);
        let login = Login::Matrix { user, local: local.into(), password };
        desks.push(Desk { name: name.into(), login, is_lost: true });
    }
    let messenger = office.messenger();
    for name in ["Alpenblick Shop", "Nordlicht Shop"] {
        let (app, secret) = messenger.create_app(&format!("{name} inbox"), &[]);
        let owner = messenger.create_user("Owner");
        let page = messenger.create_page(&owner, name, "Retail");
        let login = Login::Page { page, owner, app, secret, token: String::new() };
        desks.push(Desk { name: name.into(), login, is_lost: true });
    }
    for desk in &mut desks {
        desk.sign_in(office).await.expect("in calm weather everybody signs in");
    }
    desks
}

impl Desk {
    pub fn is_matrix(&self) -> bool {
        matches!(self.login, Login::Matrix { .. })
    }

    /// Signs in (again), as a person would.
    pub async fn sign_in(&mut self, office: &Office) -> Result<(), String> {
        let known = office.accounts().await.into_iter().find(|account| account.name == self.name);
        let (platform, method, fields) = match &mut self.login {
            Login::Matrix { local, password, .. } => {
                let server = format!("https://{MATRIX_HOST}");
                ("matrix", "password", json!({ "server": server, "user": local, "password": password }))
            }
            Login::Page { page, owner, app, secret, token } => {
                *token = office.messenger().page_token(app, owner, page);
                ("messenger", "token", json!({ "token": token, "app_secret": secret }))
            }
        };
        let start =
            json!({ "platform": platform, "method": method, "again": known.map(|account| account.id) });
        let mut view = ask(office, "login_start", start).await?;
        let mut input = json!({ "kind": "fields", "values": fields });
        loop {
            view = ask(office, "login_next", json!({ "flow": view["flow"], "input": input })).await?;
            match view["step"]["kind"].as_str() {
                Some("done") => break,
                Some("choose") => {
                    let all = view["step"]["choices"].as_array().cloned().unwrap_or_default();
                    let ids: Vec<Value> = all.iter().map(|choice| choice["id"].clone()).collect();
                    input = json!({ "kind": "chosen", "ids": ids });
                }
                step => return Err(format!("an unexpected step: {step:?}")),
            }
        }
        self.is_lost = false;
        Ok(())
    }

    /// The platform ends the sign-in.
    pub fn lose(&mut self, matrix: &Matrix, messenger: &Messenger) {
        match &self.login {
            Login::Matrix { user, .. } => matrix.end_sessions(user),
            Login::Page { token, .. } => {
                messenger.set_token_state(token, sandbox::TokenState::PasswordChanged)
            }
        }
        self.is_lost = true;
    }

    /// A new customer with an empty conversation.
    pub fn customer(&self, office: &Office, number: u32, desk: usize) -> Customer {
        let name = format!("Kim {number:02}");
        let (place, id) = match &self.login {
            Login::Matrix { user, .. } => {
                let id = office.matrix().create_user(&format!("kim{number:02}"), "pw", &name);
                (office.matrix().direct_room(user, &id), id)
            }
            Login::Page { page, .. } => {
                let id = office.messenger().create_customer(page, "Kim", &format!("{number:02}"));
                (id.clone(), id)
            }
        };
        Customer { desk, name, place, id, room_left: None }
    }
}

async fn ask(office: &Office, call: &str, arguments: Value) -> Result<Value, String> {
    office.app.call(call, arguments).await.map_err(|error| format!("{call}: {error:?}"))
}
