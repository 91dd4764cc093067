//! Pieces of a line that may be a URL: whole ones, hosts without a scheme, cells of tables.

pub(super) mod hostname;
mod replaced;
pub(super) mod table;
pub(super) mod url;
pub(super) mod wrapped;
