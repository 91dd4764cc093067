//! The options of a sandbox, and how each is written.
//! It reads texts alone: where they come from is up to the caller.

use super::Rule;
use super::auth::Grant;

/// The options as texts, as the command line has them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RawOptions<'a> {
    pub(crate) port: Option<u16>,
    pub(crate) grants: &'a [String],
    pub(crate) faults: &'a [String],
    pub(crate) deployments: &'a [String],
}

/// What a sandbox starts with.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// 0 is any free port.
    pub(crate) port: u16,
    /// Without any, every token may write.
    pub(crate) grants: Vec<Grant>,
    /// In order: the first that applies to a request is taken.
    pub(crate) faults: Vec<Rule>,
    pub(crate) deployments: Vec<Seed>,
}

impl Options {
    /// Reads the text of each option; the error names the first that is wrong.
    pub(crate) fn parse(raw: &RawOptions<'_>) -> anyhow::Result<Self> {
        fn all<T>(
            texts: &[String],
            parse: impl Fn(&str) -> Result<T, String>,
        ) -> anyhow::Result<Vec<T>> {
            texts.iter().map(|text| parse(text).map_err(anyhow::Error::msg)).collect()
        }
        Ok(Self {
            port: raw.port.unwrap_or_default(),
            grants: all(raw.grants, Grant::parse)?,
            faults: all(raw.faults, Rule::parse)?,
            deployments: all(raw.deployments, Seed::parse)?,
        })
    }
}

/// A deployment that exists from the start, in every repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seed {
    pub(crate) id: u64,
    pub(crate) environment: String,
}

impl Seed {
    /// Reads `ID` or `ID:ENVIRONMENT`; without one the environment is `production`, as on GitHub.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (id, environment) = text.split_once(':').unwrap_or((text, "production"));
        match id.parse() {
            Ok(id) if id > 0 && !environment.is_empty() => {
                Ok(Self { id, environment: environment.to_owned() })
            }
            Ok(_) | Err(_) => {
                Err(format!("`{text}` is no deployment: write `42` or `42:production`"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_an_id_and_perhaps_an_environment() {
        let seed = |id, environment: &str| Seed { id, environment: environment.to_owned() };
        assert_eq!(Seed::parse("42"), Ok(seed(42, "production")));
        assert_eq!(Seed::parse("7:review/pr-7:a"), Ok(seed(7, "review/pr-7:a")));
    }

    #[test]
    fn a_seed_without_an_id_is_refused() {
        let error = "`latest` is no deployment: write `42` or `42:production`";
        assert_eq!(Seed::parse("latest"), Err(error.to_owned()));
        assert!(Seed::parse("0").is_err());
        assert!(Seed::parse("7:").is_err());
    }
}
