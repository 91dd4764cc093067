//! Values that a plan or an update replaces: `"old" -> "new"`.

/// Why an old value is no candidate.
pub(in super::super) const REPLACED: &str = "the old value, which a new one replaces";

/// What stands between an old value and a new one: `"old" -> "new"`, `"old" => "new"`.
pub(super) fn replaces(between: &str) -> bool {
    // In JSON the quotes are escaped.
    let between = between.trim_matches('\\');
    let trimmed = between.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    trimmed.is_some_and(|arrow| matches!(arrow.trim_matches([' ', '\\']), "->" | "=>"))
}

/// What stands behind an old value whose new one is none, or not known, or no URL.
pub(in super::super) fn is_replaced(after: &str) -> bool {
    let after = after.trim_start_matches('\\');
    let Some(rest) = after.strip_prefix('"').map(str::trim_start) else { return false };
    let new = rest.strip_prefix("->").or_else(|| rest.strip_prefix("=>")).map(str::trim_start);
    new.is_some_and(|new| new.starts_with(['(', '"', '\\']) || new.starts_with("null"))
}
