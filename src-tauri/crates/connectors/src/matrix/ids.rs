//! Matrix identifiers, addresses and paths: what may be believed of a text that claims to be one.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

/// Everything but the unreserved characters of RFC 3986: `!`, `$`, `:` and `/` inside an id must not mean anything.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path of percent-encoded segments below a prefix of our own.
pub fn path(prefix: &str, segments: &[&str]) -> String {
    segments.iter().fold(prefix.to_owned(), |path, segment| {
        // A segment of dots would be taken for a way up, encoded or not; no real id looks like that.
        let safe = if segment.chars().all(|c| c == '.') { "_" } else { segment };
        format!("{path}/{}", utf8_percent_encode(safe, SEGMENT))
    })
}

/// A query of names and values; empty if there are none.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let text: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, SEGMENT))).collect();
    if text.is_empty() { String::new() } else { format!("?{}", text.join("&")) }
}

/// Local part and server of a full user id (`@anna:example.org` → `anna`, `example.org`).
pub fn user(id: &str) -> Option<(&str, &str)> {
    let (local, server) = id.strip_prefix('@')?.split_once(':')?;
    (!local.is_empty() && !server.is_empty() && id.len() <= 255).then_some((local, server))
}

/// Server and media id of an `mxc://` address.
pub fn mxc(uri: &str) -> Option<(&str, &str)> {
    let (server, media) = uri.strip_prefix("mxc://")?.split_once('/')?;
    let is_sound = |text: &str| !text.is_empty() && text.len() <= 255 && !text.contains(['/', '?', '#']);
    (is_sound(server) && is_sound(media)).then_some((server, media))
}

/// Whether an id of a room or an event can be stored and spoken of at all.
pub fn is_sound(id: &str) -> bool {
    !id.is_empty() && id.len() <= 255 && !id.chars().any(char::is_control)
}

/// Whether an address is on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether a token may travel there: https, or http on this machine, and no user name inside.
pub fn is_trustworthy(url: &Url) -> bool {
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    is_safe && url.has_host() && url.username().is_empty() && url.password().is_none()
}

/// An address a homeserver may have, as typed or as discovered: scheme optional, nothing after the path.
pub fn base(text: &str) -> Option<Url> {
    let text = text.trim();
    let url = match text.split_once("://") {
        Some(_) => Url::parse(text),
        None => Url::parse(&format!("https://{text}")),
    };
    let mut url = url.ok().filter(is_trustworthy)?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_changes_the_path_it_stands_in() {
        let path = path("/_matrix/client/v3/rooms", &["!a/../b:x.org", "..", "m.room.message?x=1"]);
        assert_eq!(path, "/_matrix/client/v3/rooms/%21a%2F..%2Fb%3Ax.org/_/m.room.message%3Fx%3D1");
    }

    #[test]
    fn a_token_travels_by_https_or_on_this_machine_only() {
        for good in
            ["https://matrix.example.org", "matrix.example.org", "http://127.0.0.1:8008/", "http://[::1]:1"]
        {
            assert!(base(good).is_some(), "{good}");
        }
        for bad in [
            "http://matrix.example.org",
            "ftp://x.org",
            "https://a:b@x.org",
            "",
            "https://",
            "javascript:alert(1)",
        ] {
            assert!(base(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn only_a_whole_media_address_is_one() {
        assert_eq!(mxc("mxc://example.org/abc"), Some(("example.org", "abc")));
        for bad in ["mxc://example.org", "mxc:///abc", "mxc://a/b/c", "https://a/b", "mxc://a/b?x"] {
            assert_eq!(mxc(bad), None, "{bad}");
        }
    }
}
