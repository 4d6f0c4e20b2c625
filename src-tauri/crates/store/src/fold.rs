//! Folding text for search.

/// Text as search sees it.
pub fn fold(text: &str) -> String {
    todo!()
}
