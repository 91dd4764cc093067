//! `url-key` in lines: what stands behind a name on its line, or on the next ones.

use super::super::ansi::strip;
use super::super::score::tags::untagged;

/// The last line that gives the key a value. The tables of SAM and of the AWS CLI name the key on
/// one row (`Key`, `OutputKey`) and give its value (`Value`, `OutputValue`) on a later one.
pub(super) fn value_of(key: &str, text: &str) -> Option<String> {
    let mut found = None;
    let mut is_row_of_key = false;
    let mut is_in_list = false;
    for line in text.lines().flat_map(|line| line.split('\r')) {
        let line = strip(line.as_bytes());
        if is_in_list {
            is_in_list = false;
            found = first_of_list(&line).or(found);
            continue;
        }
        match named(&line) {
            Some(("Key" | "OutputKey", value)) => {
                is_row_of_key = value.trim() == key || first_word(value) == key;
                continue;
            }
            Some(("Value" | "OutputValue", value)) if is_row_of_key => {
                found = Some(first_word(value).to_owned());
                continue;
            }
            _ => {}
        }
        let Some(value) = behind_key(&line, key) else { continue };
        let value = new_value(value);
        is_in_list = opens_list(value);
        let value = first_word(value);
        if !is_in_list && !value.is_empty() {
            found = Some(value.to_owned());
        }
    }
    found
}

/// A row's first word and the rest.
fn named(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || is_rule(c));
    let (name, rest) = line.split_at(line.find(|c: char| c.is_whitespace() || is_rule(c))?);
    Some((name, rest.trim_start_matches(|c: char| c.is_whitespace() || is_rule(c))))
}

/// What a line has behind a key, without what parts the two. A key that does not open the message
/// is one only with a plain mark behind it.
fn behind_key<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let opening = opening(line);
    line.match_indices(key).find_map(|(at, _)| {
        let is_name = |c: char| c.is_alphanumeric() || "_-/".contains(c);
        let before = &line[..at];
        // CDK puts the stack's name in front: `Stack.Key = …`.
        let is_whole = !before.ends_with(is_name);
        let is_first =
            before.len() <= opening || before.ends_with('.') && !before[opening..].contains(' ');
        let rest = &line[at + key.len()..];
        let rest = rest.strip_prefix(is_quote).unwrap_or(rest);
        let trimmed = rest.trim_start_matches([' ', '\t']);
        let blanks = rest.len() - trimmed.len();
        let marked = trimmed.strip_prefix(|c: char| "=:：".contains(c) || is_rule(c));
        let value = match marked {
            Some(value) => value,
            None if blanks > 0 && (is_first || rest.starts_with('\t')) => trimmed,
            None => return None,
        };
        let value =
            value.trim_start_matches(|c: char| c.is_whitespace() || ">=".contains(c) || is_rule(c));
        (is_whole && !value.is_empty()).then_some(value)
    })
}

/// How many bytes of tags, bullets and signs a line opens with.
fn opening(line: &str) -> usize {
    let message = match untagged(line).text {
        std::borrow::Cow::Borrowed(message) => line.len() - message.len(),
        std::borrow::Cow::Owned(_) => 0,
    };
    let rest = &line[message..];
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = rest.strip_prefix("export ").unwrap_or(rest);
    line.len() - rest.len()
}

/// Of `"old" -> "new"` and `"old" => "new"` the new one.
fn new_value(value: &str) -> &str {
    let arrow =
        ["\" -> ", "\" => "].iter().find_map(|arrow| value.find(arrow).map(|at| at + arrow.len()));
    arrow.map_or(value, |at| &value[at..])
}

fn opens_list(value: &str) -> bool {
    matches!(value.trim(), "[" | "tolist([" | "toset([" | "(")
}

/// The value on a line of a list: `  "https://a",`
fn first_of_list(line: &str) -> Option<String> {
    let value = first_word(line);
    (!value.is_empty() && !value.starts_with(']')).then(|| value.to_owned())
}

/// The first word, without quotes and what ends it.
fn first_word(text: &str) -> &str {
    let text =
        text.trim_start_matches(|c: char| c.is_whitespace() || is_quote(c) || "[(<".contains(c));
    let text =
        text.strip_prefix("tolist([").or_else(|| text.strip_prefix("toset([")).unwrap_or(text);
    let text = text.trim_start_matches(is_quote);
    let end = text.find(|c: char| c.is_whitespace() || is_quote(c) || is_rule(c) || c == '>');
    text[..end.unwrap_or(text.len())].trim_end_matches([',', ';', ']', ')'])
}

fn is_quote(c: char) -> bool {
    "\"'`".contains(c)
}

fn is_rule(c: char) -> bool {
    c == '|' || matches!(c, '\u{2500}'..='\u{259f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, text: &str, expected: Option<&str>) {
        assert_eq!(value_of(key, text).as_deref(), expected, "in: {text}");
    }

    #[test]
    fn a_key_is_found_in_lines() {
        check("url", "Outputs:\n\nurl = \"https://a\"\n", Some("https://a"));
        check("url", "    url     : \"https://a\"\n    other: 1", Some("https://a"));
        check(
            "ApiUrl",
            "Stack.ApiUrl = https://a\nStack.OtherApiUrl = https://b",
            Some("https://a"),
        );
        check("website", "  website  https://a\n", Some("https://a"));
        check("url", "url: https://a\nurl: https://b", Some("https://b"));
        check("url", "no such key", None);
    }

    #[test]
    fn a_key_is_found_in_tables() {
        let sam = "Key                 ApiUrl\nDescription         -\nValue               https://a\n\nKey                 Other\nValue               https://b\n";
        check("ApiUrl", sam, Some("https://a"));
        let aws = "|  OutputKey    |  ApiUrl      |\n|  OutputValue  |  https://a   |\n";
        check("ApiUrl", aws, Some("https://a"));
        check("ApiUrl", "│ ApiUrl │ https://a │", Some("https://a"));
    }

    #[test]
    fn a_key_may_have_blanks_and_stand_behind_tags() {
        let url = Some("https://a");
        check("Website URL", "Build logs:   https://l\nWebsite URL:  https://a\n", url);
        check("URL", "✨ URL: https://a", url);
        check("url", "export url='https://a'", url);
        check("URL", "2024-06-01T08:00:05Z INFO URL: https://a", url);
        check("url", "web:deploy: url: https://a", url);
        check("url", "level=info msg=deployed url=https://a env=x", url);
        check("ApiUrl", "OUTPUTS\tThe API\tApiUrl\thttps://a", url);
        check("url", "no url here", None);
        check("URL", "the site URL is unknown", None);
        check("url", "site_url: https://b", None);
    }

    #[test]
    fn lists_and_changes_of_terraform_are_read() {
        check("urls", "urls = [\n  \"https://a\",\n  \"https://b\",\n]", Some("https://a"));
        check("urls", "urls = tolist([\n  \"https://a\",\n])", Some("https://a"));
        check("url", "  ~ url = \"https://b\" -> \"https://a\"", Some("https://a"));
        check("url", "  ~ url: \"https://b\" => \"https://a\"", Some("https://a"));
    }
}
