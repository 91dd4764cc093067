//! Hosts in the columns of tables: `kubectl get ingress`, `oc get route`, lists of services.
//! It reads a column only if its heading says that hosts stand in it, and they are one and the same.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

/// Headings of columns that hold what somebody can visit.
const HEADINGS: [&str; 12] = [
    "DNS NAME",
    "DOMAIN",
    "DOMAIN NAME",
    "DOMAINS",
    "ENDPOINT",
    "EXTERNAL-IP",
    "FQDN",
    "HOST/PORT",
    "HOSTNAME",
    "HOSTNAMES",
    "HOSTS",
    "URL",
];

/// The last words of the headings.
const HEADING_ENDS: [&str; 11] = [
    "NAME",
    "DOMAIN",
    "DOMAINS",
    "ENDPOINT",
    "EXTERNAL-IP",
    "FQDN",
    "HOST/PORT",
    "HOSTNAME",
    "HOSTNAMES",
    "HOSTS",
    "URL",
];

/// The one host that stands below a heading, up to the next blank line.
pub(in super::super) fn cell<'a>(
    heading: &str,
    below: impl Iterator<Item = Cow<'a, str>>,
) -> Option<String> {
    let column = column(heading)?;
    let is_blank = |line: &Cow<'_, str>| line.trim().is_empty();
    let rows = below.skip_while(is_blank).take_while(|line| !is_blank(line));
    let mut hosts = rows
        .filter(|row| row.contains(char::is_alphanumeric))
        .map(|row| host_at(column, &row).map(str::to_owned));
    let host = hosts.next()??;
    hosts.all(|other| other.is_none_or(|other| other == host)).then_some(host)
}

/// Where the column with such a heading begins, in characters. A table has two columns at least.
fn column(heading: &str) -> Option<usize> {
    let mut at = 0;
    let mut columns = 0;
    let mut found = None;
    for gap in heading.split("  ") {
        let name = gap.trim_matches(|c: char| c.is_whitespace() || is_rule(c));
        if !name.is_empty() {
            columns += 1;
            if is_heading(name) {
                let lead = gap.chars().take_while(|c| c.is_whitespace() || is_rule(*c)).count();
                found = Some(at + lead);
            }
        }
        at += gap.chars().count() + 2;
    }
    found.filter(|_| columns > 1)
}

fn is_heading(name: &str) -> bool {
    HEADINGS.iter().any(|heading| heading.eq_ignore_ascii_case(name))
}

/// Whether a line is the heading of such a table.
pub(in super::super) fn begins_at(line: &str) -> bool {
    column(line).is_some()
}

/// A quick look, before anything is read: a blank of two and one of the headings.
pub(in super::super) fn may_begin_at(line: &[u8]) -> bool {
    static GAP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("  "));
    if GAP.find(line).is_none() {
        return false;
    }
    line.split(|byte| byte.is_ascii_whitespace() || *byte == b'|')
        .any(|word| HEADING_ENDS.iter().any(|last| last.as_bytes().eq_ignore_ascii_case(word)))
}

fn host_at(column: usize, row: &str) -> Option<&str> {
    let from = row.char_indices().nth(column).map(|(at, _)| at)?;
    let is_start = row[..from].ends_with(|c: char| c.is_whitespace() || is_rule(c)) || from == 0;
    let cell = row[from..].split([' ', '\t', ',', '|', '│']).next().unwrap_or_default();
    let host = cell.trim_matches(['[', ']', '"', '\'']);
    (is_start && host.contains('.') && !host.contains("://")).then_some(host)
}

fn is_rule(c: char) -> bool {
    c == '|' || ('\u{2500}'..='\u{259f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: &str, expected: Option<&str>) {
        let (heading, below) = table.split_once('\n').expect("a table has a heading");
        assert_eq!(
            cell(heading, below.lines().map(Cow::Borrowed)).as_deref(),
            expected,
            "in:\n{table}"
        );
    }

    #[test]
    fn the_host_of_a_column_is_read() {
        check(
            "NAME  CLASS   HOSTS       PORTS\nw     nginx   a.b.example 80\n",
            Some("a.b.example"),
        );
        check(
            "| Name  | Domain      |\n|-------|-------------|\n| w     | a.example   |\n",
            Some("a.example"),
        );
        check("NAME  DOMAINS\nw     [\"a.example\"]\n\nDone", Some("a.example"));
    }

    #[test]
    fn a_quick_look_finds_the_headings() {
        assert!(may_begin_at(b"NAME  CLASS   HOSTS"));
        assert!(may_begin_at(b"| Name  | Dns Name      |"));
        assert!(!may_begin_at(b"url of the cluster"));
        assert!(!may_begin_at(b"hosting  on this machine"));
    }

    #[test]
    fn a_table_of_many_hosts_says_nothing() {
        check("NAME  HOSTS\nw     a.example\nv     b.example\n", None);
        check("NAME  HOSTS\nw     *\n", None);
        check("HOSTS\na.example\n", None);
        check("hosts of the cluster  are many\nw     a.example\n", None);
    }
}
