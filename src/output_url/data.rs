//! What is known of words, names and vendors: tables without logic.

pub(super) mod keywords;
pub(super) mod labels;
pub(super) mod languages;
pub(super) mod phrase_table;
pub(super) mod vendors;
