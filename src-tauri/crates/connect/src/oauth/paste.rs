//! What a person pastes when no redirect can reach us: the address the browser ended at, or the code alone.

use super::state::is_same;
use crate::login::LoginProblem;
use std::collections::BTreeMap;
use url::Url;

/// Longest paste read.
const MAX_BYTES: usize = 8 << 10;

/// The parameters in a pasted address, or those of a bare code.
///
/// An address must bring the state of this sign-in. A bare code has none: it is taken because the dialog of the running
/// sign-in is the only place it can be pasted into. Fails with `BadAddress` (neither) or `WrongRedirect`.
pub fn pasted(text: &str, state: &str) -> Result<BTreeMap<String, String>, LoginProblem> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_BYTES || text.contains(char::is_whitespace) {
        return Err(LoginProblem::BadAddress);
    }
    if let Ok(address) = Url::parse(text)
        && matches!(address.scheme(), "http" | "https")
    {
        let mut parameters = BTreeMap::new();
        for (name, value) in address.query_pairs() {
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(LoginProblem::WrongRedirect);
            }
        }
        let is_ours = parameters.get("state").is_some_and(|brought| is_same(state, brought));
        return if is_ours { Ok(parameters) } else { Err(LoginProblem::WrongRedirect) };
    }
    // Meta ends its redirects with `#_=_`, Instagram with `#_`; both are copied along.
    let code = text.split('#').next().unwrap_or_default();
    let is_code = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~+/=%|".contains(&byte);
    if code.len() < 8 || !code.bytes().all(is_code) {
        return Err(LoginProblem::BadAddress);
    }
    Ok([("code", code), ("state", state)].map(|(name, value)| (name.to_owned(), value.to_owned())).into())
}
