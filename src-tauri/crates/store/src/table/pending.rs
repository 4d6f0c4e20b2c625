//! Edits, deletions and reactions that came before their message.
