//! The job summary, as Markdown: what was deployed where, and how it went.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

use super::console;
use super::step_outputs::RunResult;
use crate::deployment::{State, WebUrl, format_duration};

/// The runner drops a step's whole summary when it is larger, in bytes.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>
const MAX_SUMMARY: u64 = 1024 * 1024;

/// Appends a section to the file that `GITHUB_STEP_SUMMARY` names, if there is room for it.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn append(file: &Path, result: &RunResult, took: Duration) -> anyhow::Result<()> {
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let room = MAX_SUMMARY.saturating_sub(length);
    // A device has no length, and may have no end.
    let existing =
        if length > 0 && room > 0 { fs::read(file).unwrap_or_default() } else { Vec::new() };
    let fence = open_fence(&String::from_utf8_lossy(&existing)).map(|fence| format!("{fence}\n"));
    let text = fence.unwrap_or_default() + &markdown(result, took);
    if text.len() as u64 > room {
        return Ok(());
    }
    console::append(file, &text)
        .with_context(|| format!("cannot write the job summary to `{}`", file.display()))
}

/// What closes the code block that the text leaves open.
/// <https://spec.commonmark.org/0.31.2/#fenced-code-blocks>
fn open_fence(text: &str) -> Option<String> {
    let mut open: Option<(char, usize)> = None;
    for line in text.lines() {
        let inner = line.trim_start_matches(' ');
        if line.len() - inner.len() > 3 {
            continue;
        }
        let Some(mark @ ('`' | '~')) = inner.chars().next() else { continue };
        let count = inner.chars().take_while(|&c| c == mark).count();
        let rest = &inner[count..];
        open = match open {
            None if count >= 3 && !(mark == '`' && rest.contains('`')) => Some((mark, count)),
            Some((by, length)) if by == mark && count >= length && rest.trim().is_empty() => None,
            unchanged => unchanged,
        };
    }
    open.map(|(mark, count)| mark.to_string().repeat(count))
}

fn markdown(result: &RunResult, took: Duration) -> String {
    let environment = result.environment.as_deref().map_or_else(|| "–".to_owned(), cell);
    let state = result.state.map_or("not posted", State::as_str);
    let url = result.url.as_ref().map_or_else(|| "–".to_owned(), link);
    let page = result.page.as_ref().map(|page| format!(" ([run]({}))", plain(page)));
    format!(
        "\n### Deployment: {state}\n\n\
         | Environment | State | URL | Took |\n| --- | --- | --- | --- |\n\
         | {environment} | {state} | {url} | {took} |\n\n\
         {what}{page}\n",
        took = format_duration(took),
        what = cell(&result.description),
        page = page.unwrap_or_default(),
    )
}

fn link(url: &WebUrl) -> String {
    format!("<{}>", plain(url))
}

/// A URL that ends neither its table cell nor its link.
fn plain(url: &WebUrl) -> String {
    url.as_str().replace('|', "%7C").replace('(', "%28").replace(')', "%29").replace('>', "%3E")
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

    #[test]
    fn a_section_says_where_how_and_how_long() {
        let result = RunResult {
            environment: Some("pr-7 | [x]".to_owned()),
            state: Some(State::Success),
            url: WebUrl::parse("https://hello.example.com"),
            description: "Deployed in 2m14s".to_owned(),
            page: WebUrl::parse("https://github.com/o/r/actions/runs/1"),
            ..RunResult::default()
        };
        expect![[r#"

            ### Deployment: success

            | Environment | State | URL | Took |
            | --- | --- | --- | --- |
            | pr\-7 \| \[x\] | success | <https://hello.example.com> | 2m14s |

            Deployed in 2m14s ([run](https://github.com/o/r/actions/runs/1))
        "#]]
        .assert_eq(&markdown(&result, Duration::from_secs(134)));
    }

    #[test]
    fn an_open_code_block_is_closed_first() {
        let check = |text: &str, fence: Option<&str>| {
            assert_eq!(open_fence(text).as_deref(), fence, "{text:?}");
        };
        check("a\n```sh\nls\n", Some("```"));
        check("````\n```\n", Some("````"));
        check("~~~ x ~~~\n```\n", Some("~~~"));
        check("```\nls\n```\n", None);
        check("```inline```\n    ```\n", None);

        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("summary");
        fs::write(&file, "```\nlog").unwrap();
        append(&file, &RunResult::default(), Duration::ZERO).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("```\nlog\n```\n\n### Deployment"), "{text}");
    }
}
