//! Lists a deployment's statuses, all pages, newest first.

use tokio::time::Instant;

use crate::deployment::{Status, WebUrl};
use crate::github::Github;
use crate::inputs::Inputs;
use crate::output::console;
use crate::resolve::{self, ResolveError};

/// A table shows no more characters of one value: padding to more than 65,535 would panic.
const MAX_CELL: usize = 2048;

/// The statuses as text: a table for people, JSON for programs.
pub(crate) async fn list(
    github: &Github,
    inputs: &Inputs,
    as_json: bool,
) -> Result<String, ResolveError> {
    let deadline = Instant::now() + inputs.api_timeout;
    let resolved = resolve::newest(github, inputs, deadline).await?;
    let statuses = github.statuses(resolved.id, deadline).await?;
    Ok(if as_json { json(&statuses) } else { table(&statuses) })
}

fn json(statuses: &[Status]) -> String {
    let json = serde_json::to_string_pretty(statuses).expect("statuses are plain data");
    format!("{json}\n")
}

/// One line a status: when, what, where, and its description.
pub(crate) fn table(statuses: &[Status]) -> String {
    let rows: Vec<[String; 4]> = statuses
        .iter()
        .map(|status| {
            let url = [&status.environment_url, &status.target_url]
                .into_iter()
                .flatten()
                .find_map(|url| WebUrl::parse(url))
                .map_or_else(|| "-".to_owned(), |url| url.to_string());
            let description = status.description.as_deref().unwrap_or_default();
            [&status.created_at, &status.state, &url, description]
                .map(|text| text.chars().take(MAX_CELL).collect::<String>())
                .map(|text| console::printable(&text))
        })
        .collect();
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    rows.iter()
        .map(|[when, state, url, description]| {
            let [when_width, state_width, url_width] = widths;
            let row = format!(
                "{when:when_width$}  {state:state_width$}  {url:url_width$}  {description}"
            );
            format!("{}\n", row.trim_end())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn an_endless_word_is_cut_in_a_table() {
        let long = "x".repeat(65_536);
        let status = serde_json::json!([{"id": 1, "state": long, "created_at": long}]);
        let statuses: Vec<Status> = serde_json::from_value(status).unwrap();
        assert!(table(&statuses).len() < 3 * MAX_CELL);
    }

    #[test]
    fn a_table_keeps_words_that_nobody_documented() {
        let statuses: Vec<Status> = serde_json::from_str(
            r#"[
                {"id": 3, "state": "success", "created_at": "2026-01-02T03:04:09Z",
                 "description": "Deployed in 4s", "environment_url": "https://x.example"},
                {"id": 2, "state": "waiting", "created_at": "2026-01-02T03:04:05Z",
                 "description": "a\u001b[31mb", "target_url": ""}
            ]"#,
        )
        .unwrap();
        expect![[r#"
            2026-01-02T03:04:09Z  success  https://x.example  Deployed in 4s
            2026-01-02T03:04:05Z  waiting  -                  a�[31mb
        "#]]
        .assert_eq(&table(&statuses));
    }
}
