//! Signing in, for the UI: steps that any screen can draw.

use super::border;
use model::{AccountId, PlatformId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

border! {
    /// Begins a sign-in.
    struct LoginStart {
        /// Platform.
        pub platform: PlatformId,
        /// One of its methods.
        pub method: String,
        /// Set to sign an account in again.
        pub again: Option<AccountId>,
    }

    /// A sign-in under way and what it shows.
    struct LoginView {
        /// Handed back with each answer.
        pub flow: String,
        /// What to show.
        pub step: LoginStepView,
    }

    /// One sign-in.
    struct LoginRef {
        /// Which.
        pub flow: String,
    }

    /// The answer to a step.
    struct LoginAnswer {
        /// Which sign-in.
        pub flow: String,
        /// What the person did.
        pub input: LoginAnswerInput,
    }

    /// A field to fill in; words are `login.<platform>.field.<name>`.
    struct LoginFieldView {
        /// Name.
        pub name: String,
        /// How it is typed.
        pub kind: LoginFieldKind,
        /// Filled in already.
        pub value: String,
        /// May stay empty.
        pub is_optional: bool,
    }

    /// A choice.
    struct LoginChoiceView {
        /// Handed back.
        pub id: String,
        /// Name on the platform.
        pub name: String,
        /// Whether it can be chosen.
        pub is_possible: bool,
        /// A key below `login.<platform>.reason`, if not.
        pub reason: Option<String>,
    }
}

/// How a field is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum LoginFieldKind {
    /// Plain.
    Text,
    /// An address.
    Url,
    /// Never shown.
    Secret,
}

/// What to show.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum LoginStepView {
    /// Ask for these.
    Fields {
        /// In order.
        fields: Vec<LoginFieldView>,
    },
    /// Open the page in the browser (`link_open`), call `login_wait`, offer a field to paste the address or code into.
    Browse {
        /// The page, for a button that opens it again.
        url: String,
        /// Whether we listen for the redirect; otherwise only a paste leads on.
        is_listening: bool,
    },
    /// Let the person choose.
    Choose {
        /// From these.
        choices: Vec<LoginChoiceView>,
    },
    /// An account was to be signed in again, but these others were. They are connected as accounts of their own only if
    /// they are chosen; one that cannot be chosen is an account here already.
    Others {
        /// Them.
        choices: Vec<LoginChoiceView>,
    },
    /// Connected.
    Done {
        /// What was connected or signed in again.
        accounts: Vec<AccountId>,
    },
}

/// What the person did.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum LoginAnswerInput {
    /// Filled in.
    Fields {
        /// By field name.
        values: BTreeMap<String, String>,
    },
    /// Pasted the address (or code) that the browser ended on.
    Pasted {
        /// As pasted.
        text: String,
    },
    /// Chose.
    Chosen {
        /// Ids.
        ids: Vec<String>,
    },
}

/// Why a step did not lead on; a sentence for each is in the UI's files (`login.problem`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
#[allow(missing_docs)] // The same words as `connect::LoginProblem`, where each is explained.
pub enum LoginProblem {
    WrongPassword,
    ConsentRefused,
    WrongRedirect,
    TokenInvalid,
    WrongApp,
    Unreachable,
    PageInBetween,
    ProxyInBetween,
    PageAtAddress,
    NotThisPlatform,
    BadAddress,
    PermissionMissing,
    NothingToConnect,
    Throttled,
    MethodNotOffered,
    Malformed,
    TimedOut,
}
