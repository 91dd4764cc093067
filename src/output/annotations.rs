//! What needs a person: an annotation where the runner shows them, else a marked line.
//! No quoted text becomes a workflow command.

use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};

use crate::redact::Redactor;

/// How our lines begin where the runner does not read annotations.
pub(super) const MARK: &str = "deployment-status: ";

/// How much a person is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Notice,
    Warning,
    Error,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    fn style(self) -> Style {
        let color = match self {
            Self::Notice => AnsiColor::Cyan,
            Self::Warning => AnsiColor::Yellow,
            Self::Error => AnsiColor::Red,
        };
        color.on_default().bold()
    }
}

static HAS_COLORS: OnceLock<bool> = OnceLock::new();

/// Says once, at the start, whether stderr shows colors.
pub(crate) fn set_colors(has_colors: bool) {
    HAS_COLORS.get_or_init(|| has_colors);
}

fn painted(level: Level) -> String {
    let word = level.word();
    if HAS_COLORS.get() == Some(&true) {
        let style = level.style();
        format!("{style}{word}{style:#}")
    } else {
        word.to_owned()
    }
}

/// `::error title=…::text`, or `deployment-status: error: text` with the rest of the lines below.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>
pub(super) fn annotation(for_runner: bool, level: Level, text: &str) -> String {
    let word = level.word();
    if for_runner {
        let data = text.lines().map(printable).collect::<Vec<_>>().join("\n");
        return format!("::{word} title=deployment-status::{}", escaped(&data));
    }
    let mut lines = text.lines().map(printable);
    let first = lines.next().unwrap_or_default();
    let word = painted(level);
    lines.fold(format!("{MARK}{word}: {first}"), |all, line| format!("{all}\n{MARK}{line}"))
}

/// What a workflow command's data needs: the runner undoes it.
fn escaped(data: &str) -> String {
    data.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

static SECRETS: OnceLock<Redactor> = OnceLock::new();

/// Says once, at the start, which secrets no line of ours shows, whoever it quotes.
pub(crate) fn hide(secrets: Redactor) {
    SECRETS.get_or_init(|| secrets);
}

/// One line without secrets, without control characters, which could start a command or repaint a
/// terminal, or turn text around, and without the older kind of workflow command, which runners
/// obey anywhere in a line.
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>
pub(crate) fn printable(line: &str) -> String {
    let line = SECRETS.get().map_or_else(|| line.to_owned(), |secrets| secrets.redact(line));
    let is_harmful = |c: char| {
        let turns_text = matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}'
            | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        c.is_control() || turns_text
    };
    line.replace(is_harmful, "\u{FFFD}").replace("##[", "## [").replace("##vso[", "## vso[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_is_one_line_that_nobody_can_break_out_of() {
        let text = "GitHub said `100%\u{1b}[31m`\r::error::x\nhelp: y";
        assert_eq!(
            annotation(true, Level::Warning, text),
            "::warning title=deployment-status::GitHub said `100%25\u{FFFD}[31m`\u{FFFD}::error::x%0Ahelp: y"
        );
    }

    #[test]
    fn no_quoted_text_is_a_command_of_the_older_kind() {
        assert_eq!(
            printable("a ##[set-output name=x]y ##vso[z"),
            "a ## [set-output name=x]y ## vso[z"
        );
        assert_eq!(printable("succ\u{202E}ess\u{2028}"), "succ\u{FFFD}ess\u{FFFD}");
    }

    #[test]
    fn elsewhere_every_line_is_marked() {
        assert_eq!(
            annotation(false, Level::Error, "cannot start:\n  A is bad\n::error::B"),
            "deployment-status: error: cannot start:\ndeployment-status:   A is bad\ndeployment-status: ::error::B"
        );
    }
}
