//! The job summary, as Markdown: what was deployed where, and how it went.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

use crate::deployment::format_duration;
use crate::output::console;
use crate::output::step_outputs::RunResult;

/// The runner drops a step's whole summary when it is larger.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>
const MAX_SUMMARY: u64 = 1024 * 1024;

/// Appends a row to the file that `GITHUB_STEP_SUMMARY` names, if there is room for it.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn append(
    file: &Path,
    environment: Option<&str>,
    result: &RunResult,
    took: Duration,
) -> anyhow::Result<()> {
    let text = markdown(environment, result, took);
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    if length + text.len() as u64 > MAX_SUMMARY {
        return Ok(());
    }
    console::append(file, &text)
        .with_context(|| format!("cannot write the job summary to `{}`", file.display()))
}

fn markdown(environment: Option<&str>, result: &RunResult, took: Duration) -> String {
    let environment = environment.map_or_else(|| "–".to_owned(), cell);
    let state = result.state.map_or("not posted", crate::deployment::State::as_str);
    let url = result
        .url
        .as_ref()
        .map_or_else(|| "–".to_owned(), |url| format!("<{}>", url.as_str().replace('|', "%7C")));
    format!(
        "\n| Environment | State | URL | Took |\n| --- | --- | --- | --- |\n\
         | {environment} | {state} | {url} | {} |\n",
        format_duration(took)
    )
}

/// Text that can neither leave its table cell nor become markup.
fn cell(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars().take(255) {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            c if c.is_control() => escaped.push(' '),
            c if c.is_ascii_punctuation() => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::deployment::{State, WebUrl};

    #[test]
    fn a_row_says_where_how_and_how_long() {
        let result = RunResult {
            state: Some(State::Success),
            url: WebUrl::parse("https://hello.example.com"),
            ..RunResult::default()
        };
        expect![[r#"

            | Environment | State | URL | Took |
            | --- | --- | --- | --- |
            | pr\-7 \| \[x\] | success | <https://hello.example.com> | 2m14s |
        "#]]
        .assert_eq(&markdown(Some("pr-7 | [x]"), &result, Duration::from_secs(134)));
    }
}
