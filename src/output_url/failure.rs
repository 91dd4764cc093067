//! Lines that say that the deploy went wrong, and what that takes back.
//! A condition, a count of nothing and somebody else's failure are none.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

use super::data::keywords::NO_FAILURE;
use super::score::keywords::{FAILED, WENT_WELL};
use super::score::tags::untagged;
use super::words::Words;

/// What a line about a failed deploy has in it.
pub(super) const MARKS: &[&str] = &[
    "ailed",
    "AILED",
    "borted",
    "ejected",
    "rror deploy",
    "hlgeschlagen",
    "chec du deplo",
    "chec du déplo",
    "alha no deploy",
    "alha ao publicar",
    "y falhou",
    "al desplegar",
    "el despliegue",
    "шибка деплоя",
    "не удался",
    "部署失败",
    "发布失败",
    "部署失敗",
    "に失敗",
    "배포 실패",
    "배포에 실패",
];

/// How many words before a failure may make it none.
const WORDS_BEFORE: usize = 4;

/// A line that says that something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Deploy,
    /// An error as good as the last word.
    Error,
}

/// What a line says of a failure.
pub(super) fn failure(line: &str, is_near_end: bool) -> Option<Failure> {
    // A runner prints the exit code, and not what the command had done by then.
    const RUNNERS: [&str; 2] = ["The process '", "Process completed with exit code"];
    let is_marked = is_marked(line.as_bytes());
    if !is_marked && !is_near_end || RUNNERS.iter().any(|mark| line.contains(mark)) {
        return None;
    }
    if is_marked && is_deploy_failure(line) {
        return Some(Failure::Deploy);
    }
    let is_last_word = is_near_end && [line, &untagged(line).text].into_iter().any(is_error);
    is_last_word.then_some(Failure::Error)
}

/// A quick look, before anything is read: a word for a failure, and one for what may have failed.
pub(super) fn is_marked(line: &[u8]) -> bool {
    static FAILURES: LazyLock<Searcher> =
        LazyLock::new(|| Searcher::new(MARKS).expect("these literals can be searched"));
    static SUBJECTS: LazyLock<Searcher> = LazyLock::new(|| {
        let words = [
            "eplo", "EPLO", "uild", "UILD", "ubli", "UBLI", "push", "Push", "PUSH", "tagi", "TAGI",
            "ereit", "espli",
        ];
        Searcher::new(words).expect("these literals can be searched")
    });
    FAILURES.find(line).is_some() && (SUBJECTS.find(line).is_some() || !line.is_ascii())
}

/// A deploy that succeeded after all.
pub(super) fn is_recovery(line: &str) -> bool {
    let words = Words::of(line);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word));
    let is_about_deploy = has(&["deploy", "deployed", "deployment", "published", "release"]);
    is_about_deploy
        && !has(&["not", "if", "when", "after", "cannot", "failed", "until", "last", "previous"])
        && !WENT_WELL.phrases_in(&words, usize::MAX).is_empty()
}

fn is_deploy_failure(line: &str) -> bool {
    let message = untagged(line);
    let text = message.text.as_ref();
    let tags = line.len().saturating_sub(text.len());
    if line.get(..tags).is_some_and(|tags| tags.to_lowercase().contains("warn")) {
        return false;
    }
    let words = Words::of(text);
    FAILED.phrases_in(&words, usize::MAX).iter().any(|(at, phrase)| {
        let mut before = (at.saturating_sub(WORDS_BEFORE)..*at).filter_map(|at| words.get(at));
        !before.any(|word| NO_FAILURE.contains(&word)) && !is_count_of_nothing(text, phrase.text)
    })
}

/// `Deployments failed: 0`
fn is_count_of_nothing(text: &str, phrase: &str) -> bool {
    let lower = text.to_lowercase();
    let last = phrase.rsplit(' ').next().unwrap_or(phrase);
    lower.rfind(last).is_some_and(|at| {
        let behind = lower[at + last.len()..].trim_start_matches([':', '=', ' ', '"', '(']);
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && behind[..digits].bytes().all(|byte| byte == b'0')
    })
}

/// Opens with a word for an error that is no part of a sentence.
fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 5] = ["error", "fatal", "failed", "failure", "aborted"];
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let is_apart = rest.trim_start().is_empty()
        || rest.starts_with([':', '!', ']'])
        || [" -", " ("].iter().any(|mark| rest.starts_with(mark));
    let value = rest.trim_start_matches([':', ' ']);
    let is_nothing = ["0", "none", "null", "false", "no"].iter().any(|nothing| {
        value.strip_prefix(nothing).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    is_apart && !is_nothing && ERRORS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_deploy_is_told_from_other_failures() {
        for line in [
            "Deployment failed",
            "error: failed to deploy to production",
            "[deploy] Deploy FAILED after 3s",
            "Error deploying web",
            "✖ Deployment has failed: timed out",
            "部署失败",
            "Deploy fehlgeschlagen",
        ] {
            assert_eq!(failure(line, false), Some(Failure::Deploy), "in: {line}");
        }
        for line in [
            "Deployments failed: 0",
            "0 tests failed",
            "if the deployment failed, check the logs",
            "rollback-on: deployment failed",
            "When a deploy failed we roll back",
            "warning: an optional build failed",
            "npm ERR! lint failed",
        ] {
            assert_eq!(failure(line, false), None, "in: {line}");
        }
    }

    #[test]
    fn an_error_counts_as_the_last_word_only() {
        assert_eq!(failure("Error: cannot comment", true), Some(Failure::Error));
        assert_eq!(failure("ERROR cannot comment", false), None);
        assert_eq!(failure("Failed: 0", true), None);
        assert_eq!(failure("error: 0", true), None);
        assert_eq!(failure("errors are fine", true), None);
    }

    #[test]
    fn a_deploy_that_succeeds_after_all_is_a_recovery() {
        assert!(is_recovery("Deployment succeeded on the second try"));
        assert!(is_recovery("Deployed successfully"));
        assert!(!is_recovery("Upload complete"));
        assert!(!is_recovery("if the deployment is successful"));
    }
}
