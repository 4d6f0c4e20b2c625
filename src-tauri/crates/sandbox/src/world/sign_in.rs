//! How to sign in to an account of the demo.

/// One account of a brand, ready to be connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// `messenger` or `matrix`.
    pub platform: &'static str,
    /// What to call the account, e.g. the Page's name.
    pub display_name: String,
    /// The brand it belongs to; several accounts share one.
    pub brand: String,
    /// The server's base address without a trailing slash, e.g. `https://matrix.alpenblick.example`.
    pub server: String,
    /// What the platform asks for.
    pub credential: Credential,
}

/// What signs an account in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A Matrix account.
    Password {
        /// Full user id, `@brand:domain`.
        user: String,
        /// Its password.
        password: String,
    },
    /// A Facebook Page, by a Page token of the brand's own app.
    PageToken {
        /// The Page's id.
        page_id: String,
        /// A Page token without an end.
        page_token: String,
        /// The id of the brand's own app.
        app_id: String,
        /// That app's secret.
        app_secret: String,
    },
    /// A brand's own Meta app; consent in the browser leads to the Pages of whoever consents.
    OwnApp {
        /// The app's id.
        app_id: String,
        /// Its secret.
        app_secret: String,
    },
}
