//! Well-known tokens that are no input of ours, recognized by how they begin.

/// How well-known tokens begin, and how many characters follow at least. Where a real one is longer
/// than this, a part of it is a secret all the same.
/// <https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns>
const BEGINNINGS: &[(&str, usize)] = &[
    ("AGE-SECRET-KEY-1", 20),
    ("AIza", 30),
    ("AKIA", 16),
    ("ASIA", 16),
    ("CCIPAT_", 20),
    ("SG.", 22),
    ("bkua_", 30),
    ("dckr_pat_", 20),
    ("doo_v1_", 32),
    ("dop_v1_", 32),
    ("dor_v1_", 32),
    ("dp.st.", 20),
    ("eyJ", 30),
    ("figd_", 20),
    ("fo1_", 20),
    ("ghp_", 10),
    ("gho_", 10),
    ("ghr_", 10),
    ("ghs_", 10),
    ("ghu_", 10),
    ("github_pat_", 10),
    ("gldt-", 20),
    ("glpat-", 10),
    ("glptt-", 20),
    ("glsa_", 20),
    ("hf_", 30),
    ("hvs.", 20),
    ("lin_api_", 20),
    ("nfp_", 30),
    ("npm_", 30),
    ("pypi-AgE", 20),
    ("rk_live_", 16),
    ("rk_test_", 16),
    ("rubygems_", 32),
    ("shpat_", 32),
    ("shpca_", 32),
    ("shppa_", 32),
    ("shpss_", 32),
    ("sk-ant-", 20),
    ("sk-proj-", 20),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("sntrys_", 20),
    ("sntryu_", 32),
    ("vercel_blob_rw_", 20),
    ("xapp-", 20),
    ("xoxa-", 10),
    ("xoxb-", 10),
    ("xoxe.", 20),
    ("xoxp-", 10),
    ("ya29.", 20),
];

/// A shorter word holds none of them.
const SHORTEST: usize = 14;

/// Whether something in the text looks like a well-known token.
pub(crate) fn holds_token(text: &str) -> bool {
    text.split(|c| !is_of_word(c)).any(|word| token_in(word).is_some())
}

/// The text with `***` from where a well-known token begins to the end of its word.
pub(super) fn without_tokens(text: &str) -> String {
    let shown = |part: &str| {
        let word = part.trim_end_matches(|c| !is_of_word(c));
        match token_in(word) {
            Some(at) => format!("{}***{}", &word[..at], &part[word.len()..]),
            None => part.to_owned(),
        }
    };
    text.split_inclusive(|c| !is_of_word(c)).map(shown).collect()
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// Where the first token of a word begins.
fn token_in(word: &str) -> Option<usize> {
    if word.len() < SHORTEST {
        return None;
    }
    let begins = |&(beginning, least): &(&str, usize)| {
        word.match_indices(beginning).map(|(at, _)| at).find(|&at| {
            let is_glued = word[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
            // `highs_and_lows` is no token.
            let (_, rest) = word[at..].split_at(beginning.len());
            let may_be_glued = beginning.starts_with("gh") && is_alphanumeric(rest, least);
            (!is_glued || may_be_glued) && is_long_and_mixed(&word[at..], beginning.len() + least)
        })
    };
    BEGINNINGS.iter().filter_map(begins).min()
}

fn is_alphanumeric(text: &str, length: usize) -> bool {
    text.bytes().take_while(u8::is_ascii_alphanumeric).take(length).count() == length
}

/// A name in words has neither digits nor capitals, or is short.
fn is_long_and_mixed(token: &str, least: usize) -> bool {
    let has_capital = token.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_host = token.trim_end_matches('.').contains('.') && !token.contains('_');
    token.len() >= least
        && (has_capital || !is_host && token.bytes().any(|byte| byte.is_ascii_digit()))
        // A JWT has three parts; other base64 may begin with the same letters.
        && (!token.starts_with("eyJ") || token.contains('.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    #[test]
    fn well_known_tokens_are_hidden_anywhere() {
        let hidden = without_tokens;
        assert_eq!(hidden("aghs_0123456789abXY, ghp_short"), "a***, ghp_short");
        assert_eq!(hidden("AKIAIOSFODNN7EXAMPLE"), "***");
        assert_eq!(hidden("nothing ä here"), "nothing ä here");
        assert_eq!(hidden("x=glpat-0123456789 y"), "x=*** y");
    }

    #[test]
    fn every_beginning_makes_a_token_when_enough_follows() {
        for (beginning, least) in BEGINNINGS {
            let of = |length: usize| format!("{beginning}A.{}", "b7".repeat(length));
            assert!(holds_token(&format!("https://a.example/{}?x", of(*least))), "{beginning}");
            assert!(!holds_token(beginning), "{beginning}");
        }
    }

    #[test]
    fn names_and_words_are_no_tokens() {
        for text in [
            "https://x.example/sk-prehlad-rozpoctu-2024-mesta.html",
            "https://hf_models.example/hf_a_model_of_2024",
            "npm_lifecycle_event_v2",
            "pnpm_0123456789abcdefghijklmnopqrstuv",
            "https://eyJ.example/eyJvery-long-name-without-any-dots-2024",
            "MASIA0123456789ABCDEF",
            "SG.example.com",
            "https://xapp-pr-12-of-my-own-team.vercel.app",
            "https://a.example/highs_and_lows_of_2024",
            "pypi-mirror-of-ours-2024-in-the-cellar",
        ] {
            assert!(!holds_token(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_hidden_is_gone(text in any::<String>()) {
            let text = format!("{text} ghp_0123456789abcdef{text}");
            let hidden = without_tokens(&text);
            assert!(!holds_token(&hidden) && hidden.contains("***"), "{hidden}");
        }
    }
}
