//! The picture of the README: two lines of a terminal, and below them a drawing of what a pull
//! request shows, both with what a run and the sandbox say. `UPDATE_EXPECT=1` draws it again.

use expect_test::expect_file;

use crate::machine::Machine;
use crate::shown::ROOT;

const WIDTH: usize = 760;

/// What GitHub's page says of a deployment, by the sandbox's answers.
struct Shown {
    creator: String,
    environment: String,
    description: String,
    url: String,
}

#[test]
fn the_picture_shows_what_a_terminal_and_github_show() {
    let machine = Machine::new();
    machine.script("checkout/deploy.sh", DECLARES);
    let command = "deployment-status --environment preview-7 -- ./deploy.sh";

    let said = super::timeless(&machine.sh(command).said);

    assert_eq!(said.lines().count(), 2, "{said}");
    let deployment = machine.github.deployments().pop().expect("a deployment was made");
    let id = deployment["id"].as_u64().expect("a deployment has an id");
    let status = machine.github.statuses(id).pop().expect("a status was posted");
    assert_eq!(status.state, "success", "{said}");
    let shown = Shown {
        creator: deployment["creator"]["login"].as_str().expect("somebody made it").to_owned(),
        environment: status.environment,
        description: super::timeless(&status.description),
        url: status.environment_url,
    };
    let svg = picture(&format!("$ {command}\n{said}"), &shown);
    expect_file![format!("{ROOT}/docs/terminal.svg")].assert_eq(&svg);
}

/// So that the terminal has our own lines alone.
const DECLARES: &str = r#"echo https://shop.example.com >"$DEPLOYMENT_URL_FILE""#;

/// Plain, for the program prints no colors into a file or a log. Dark where the reader's system is.
fn picture(lines: &str, shown: &Shown) -> String {
    let terminal: String = (1..)
        .zip(lines.lines())
        .map(|(number, line)| text(20, 16 + 22 * number, "class=\"mono\"", line))
        .collect();
    let Shown { creator, environment, description, url } = shown;
    let deployed = format!("{creator} deployed to {environment}");
    let page = [
        text(40, 143, "", &deployed),
        text(64, 192, "font-weight=\"600\"", "This branch was successfully deployed"),
        text(64, 213, "class=\"muted\"", "1 active deployment"),
        text(64, 254, "font-weight=\"600\"", environment),
        text(170, 254, "class=\"muted\"", &format!("Active · {description} · {url}")),
    ];
    let page: String = page.into_iter().collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} 290\" \
         font-family=\"-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"14\">\n\
         <style>\n{STYLE}</style>\n\
         <rect width=\"{WIDTH}\" height=\"290\" rx=\"8\" class=\"back\"/>\n\
         {terminal}\
         <rect x=\"20\" y=\"112\" width=\"720\" height=\"158\" rx=\"6\" class=\"box\"/>\n\
         <path d=\"M20 164h720M20 228h720\" class=\"line\"/>\n\
         <path d=\"M40 199l5 5 10-11\" class=\"check\"/>\n\
         <rect x=\"{x}\" y=\"124\" width=\"{BUTTON}\" height=\"28\" rx=\"6\" class=\"button\"/>\n\
         {button}{page}</svg>\n",
        x = 724 - BUTTON,
        button = text(
            724 - BUTTON / 2,
            143,
            "text-anchor=\"middle\" font-size=\"12\" font-weight=\"600\"",
            LABEL
        ),
    )
}

const LABEL: &str = "View deployment";
/// Wide enough for the label in the widest common font, whose bold letters are 0.7 em on average.
const BUTTON: usize = LABEL.len() * 12 * 7 / 10 + 20;

const STYLE: &str = "\
text { fill: #1f2328 }
.mono { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre }
.muted { fill: #59636e }
.back, .button { fill: #f6f8fa }
.box { fill: #ffffff }
.box, .button, .line { stroke: #d1d9e0 }
.line, .check { fill: none }
.check { stroke: #1a7f37; stroke-width: 2.5 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.muted { fill: #9198a1 }
.back, .button { fill: #151b23 }
.box { fill: #0d1117 }
.box, .button, .line { stroke: #3d444d }
.check { stroke: #3fb950 }
}
";

/// A line of the terminal has room up to the right edge, in a font whose letters are 0.61 em wide.
fn text(x: usize, y: usize, attributes: &str, content: &str) -> String {
    let is_terminal = attributes.contains("mono");
    let fits = x + content.chars().count() * 13 * 61 / 100 <= WIDTH - 20;
    assert!(fits || !is_terminal, "too long for the picture: {content}");
    let content = content.replace('&', "&amp;").replace('<', "&lt;");
    let space = if attributes.is_empty() { "" } else { " " };
    format!("<text x=\"{x}\" y=\"{y}\"{space}{attributes}>{content}</text>\n")
}
