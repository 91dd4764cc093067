//! The header `X-Sandbox`, by which tests prepare and inspect the state.

use std::time::Duration;

use crate::sandbox::time;

/// What a request asks of the sandbox itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::sandbox) struct Control {
    /// No fault, permission or rate limit applies to the request.
    pub(in crate::sandbox) is_aside: bool,
    /// How far the time of creation lies back of what the request creates.
    pub(in crate::sandbox) age: Option<Duration>,
    /// The login of whoever creates it.
    pub(in crate::sandbox) creator: Option<String>,
}

impl Control {
    /// Reads `aside`, `age DURATION` and `creator LOGIN`, with commas between.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut control = Self::default();
        for directive in text.split(',').map(str::trim) {
            match directive.split_once(' ').map(|(name, value)| (name, value.trim())) {
                None if directive == "aside" => control.is_aside = true,
                Some(("age", age)) => control.age = Some(time::parse_duration(age)?),
                Some(("creator", login)) => control.creator = Some(login.to_owned()),
                _ => {
                    return Err(format!(
                        "X-Sandbox: `{directive}` is none of `aside`, `age DURATION` and `creator \
                         LOGIN`"
                    ));
                }
            }
        }
        Ok(control)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_header_has_several_directives() {
        let control = Control {
            is_aside: true,
            age: Some(Duration::from_hours(7)),
            creator: Some("vercel[bot]".to_owned()),
        };
        assert_eq!(Control::parse("aside, age 7h, creator vercel[bot]"), Ok(control));
    }

    #[test]
    fn an_unknown_directive_is_refused() {
        let why = "X-Sandbox: `quiet` is none of `aside`, `age DURATION` and `creator LOGIN`";
        assert_eq!(Control::parse("aside, quiet"), Err(why.to_owned()));
        assert!(Control::parse("age soon").is_err());
        assert!(Control::parse("").is_err());
    }
}
