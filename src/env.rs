//! The process's environment as it was handed to us; `main` alone reads it.
//! No value is validated, and what is not UTF-8 never causes a panic.

use std::ffi::{OsStr, OsString};
use std::fmt;

/// Our environment variables.
#[derive(Clone, Default)]
pub(crate) struct Variables(Vec<(OsString, OsString)>);

impl Variables {
    pub(crate) fn new(pairs: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// The trimmed value; blank is absent, and so is what is not UTF-8.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.raw(name)?.to_str().map(str::trim)
    }

    /// The value as it is, where it is not blank.
    pub(crate) fn raw(&self, name: &str) -> Option<&OsStr> {
        let (_, value) = self.iter().find(|(key, _)| is_same_name(key, name))?;
        let is_blank = value.to_str().is_some_and(|text| text.trim().is_empty());
        (!is_blank).then_some(value)
    }

    /// Something other than nothing or `false`.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !value.eq_ignore_ascii_case("false"))
    }

    /// Whether text for a terminal has colors: never with `NO_COLOR`, always with `CLICOLOR_FORCE`.
    /// <https://bixense.com/clicolors/>
    pub(crate) fn wants_colors(&self, is_terminal: bool) -> bool {
        let is_on = |name| self.get(name).is_some_and(|value| value != "0");
        if self.get("NO_COLOR").is_some() {
            return false;
        }
        is_on("CLICOLOR_FORCE") || is_terminal && cfg!(unix) && self.get("TERM") != Some("dumb")
    }

    /// Whether a terminal is a person's, and can replace a line. A CI keeps every version of it.
    pub(crate) fn wants_status_line(&self) -> bool {
        self.get("TERM") != Some("dumb") && !self.is_set("CI")
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

/// Whether a name, of a variable or an option, ends as a secret's does.
pub(crate) fn names_a_secret(name: &str) -> bool {
    const ENDINGS: [&str; 6] = ["token", "secret", "password", "passwd", "key", "credentials"];
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Values may be secrets, so none is shown.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

/// Windows does not tell `Path` from `PATH`.
fn is_same_name(key: &OsStr, name: &str) -> bool {
    if cfg!(windows) { key.eq_ignore_ascii_case(name) } else { key == name }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Variables {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self::new(pairs.map(|(name, value)| (name.into(), value.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_is_absent_and_values_are_trimmed() {
        let variables = Variables::from([("A", "  "), ("B", " x\n")]);

        assert_eq!(variables.get("A"), None);
        assert_eq!(variables.get("B"), Some("x"));
    }

    #[test]
    fn colors_are_for_terminals_unless_somebody_says_otherwise() {
        let colored = |variables: Variables, is_terminal| variables.wants_colors(is_terminal);

        assert!(!colored([].into(), false));
        assert!(colored([("CLICOLOR_FORCE", "1")].into(), false));
        assert!(!colored([("CLICOLOR_FORCE", "0")].into(), false));
        assert!(!colored([("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")].into(), true));
        assert!(!colored([("TERM", "dumb")].into(), true));
        assert_eq!(colored([].into(), true), cfg!(unix));
    }

    #[test]
    fn a_status_line_is_for_people_alone() {
        assert!(Variables::from([]).wants_status_line());
        assert!(Variables::from([("TERM", "xterm"), ("CI", "false")]).wants_status_line());
        assert!(!Variables::from([("TERM", "dumb")]).wants_status_line());
        assert!(!Variables::from([("CI", "1")]).wants_status_line());
    }

    #[test]
    fn no_value_is_shown() {
        let variables = Variables::from([("TOKEN", "ghp_secret")]);

        assert_eq!(format!("{variables:?}"), r#"["TOKEN"]"#);
    }
}
