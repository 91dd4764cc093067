//! A deployment of the start, and how it is written.

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
        // GitHub's ids are signed 64-bit numbers.
        match id.parse() {
            Ok(id) if (1..=i64::MAX.unsigned_abs()).contains(&id) && !environment.is_empty() => {
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
        assert!(Seed::parse("9223372036854775808").is_err());
        assert!(Seed::parse("7:").is_err());
    }
}
