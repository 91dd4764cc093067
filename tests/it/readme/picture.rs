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

/// Plain, for the program prints no colors into a file or a log.
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
        text(64, 213, "fill=\"#59636e\"", "1 active deployment"),
        text(64, 254, "font-weight=\"600\"", environment),
        text(160, 254, "fill=\"#59636e\"", &format!("Active · {description} · {url}")),
    ];
    let page: String = page.into_iter().collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} 290\" \
         font-family=\"-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"14\" fill=\"#1f2328\">\n\
         <style>.mono {{ font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre }}</style>\n\
         <rect width=\"{WIDTH}\" height=\"290\" rx=\"8\" fill=\"#f6f8fa\"/>\n\
         {terminal}\
         <rect x=\"20\" y=\"112\" width=\"720\" height=\"158\" rx=\"6\" fill=\"#ffffff\" stroke=\"#d1d9e0\"/>\n\
         <path d=\"M20 164h720M20 228h720\" stroke=\"#d1d9e0\"/>\n\
         <path d=\"M40 199l5 5 10-11\" fill=\"none\" stroke=\"#1a7f37\" stroke-width=\"2.5\"/>\n\
         <rect x=\"600\" y=\"124\" width=\"124\" height=\"28\" rx=\"6\" fill=\"#f6f8fa\" stroke=\"#d1d9e0\"/>\n\
         {button}{page}</svg>\n",
        button = text(614, 143, "font-size=\"12\" font-weight=\"600\"", "View deployment"),
    )
}

fn text(x: usize, y: usize, attributes: &str, content: &str) -> String {
    let content = content.replace('&', "&amp;").replace('<', "&lt;");
    let space = if attributes.is_empty() { "" } else { " " };
    format!("<text x=\"{x}\" y=\"{y}\"{space}{attributes}>{content}</text>\n")
}
