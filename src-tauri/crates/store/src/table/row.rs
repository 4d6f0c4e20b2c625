//! Between SQL values and nouns.
