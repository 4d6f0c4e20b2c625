//! OAuth 2.0 for desktops: PKCE, state, the loopback redirect and the bounce page.
