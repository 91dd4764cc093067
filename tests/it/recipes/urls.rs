//! The lines that declare a URL, ask why one was found, or wait for one.

use std::fs;

use serde_json::json;

use crate::machine::Machine;
use crate::shown::claimed;

/// For `--url-key WebsiteURL`.
const STACK: &str = r#"{"Stacks": [{"Outputs": [
    {"OutputKey": "Logs", "OutputValue": "https://logs.example.com"},
    {"OutputKey": "WebsiteURL", "OutputValue": "https://shop.example.com"}]}]}"#;

/// What the deploy of each line prints, by what the line has.
const DEPLOYS: [(&str, &str); 3] = [
    ("url-pattern", "Docs: https://docs.example.com\nStorefront: https://shop.example.com\n"),
    ("sam deploy", STACK),
    ("terraform", r#"{"site_url": {"type": "string", "value": "https://shop.example.com"}}"#),
];

#[test]
fn each_way_to_say_the_url_and_to_see_why_works() {
    let test = "recipes/urls::each_way_to_say_the_url_and_to_see_why_works";
    let lines: Vec<String> =
        claimed(test).iter().flat_map(|block| block.text.lines().map(str::to_owned)).collect();
    assert_eq!(lines.len(), 8, "{lines:#?}");
    for line in lines {
        let machine = Machine::new();
        fs::write(machine.path("checkout/deploy.log"), STACK).expect("it can be written");
        machine.tool("sam", STACK);
        let deploy = DEPLOYS.iter().find(|(has, _)| line.contains(has)).map(|(_, prints)| *prints);
        let deploy = deploy.unwrap_or("Published https://shop.example.com");
        machine.tool("terraform", deploy);
        machine.script("checkout/deploy.sh", &format!("cat <<'EOF'\n{deploy}\nEOF"));

        let ran = if line.starts_with("echo ") {
            machine.script("checkout/deploy.sh", &format!("NUMBER=7\n{line}"));
            machine.sh("deployment-status run --environment preview-7 -- ./deploy.sh")
        } else {
            machine.sh(&line)
        };

        assert!(ran.said.contains(".example.com"), "{line}: {}", ran.said);
        if line.contains("deployment-status url") {
            continue;
        }
        assert_eq!(ran.code, Some(0), "{line}: {}", ran.said);
        if line.contains("deployment-status run") || line.starts_with("echo ") {
            let host = if line.starts_with("echo ") { "pr-7" } else { "shop" };
            let expected = ("success".to_owned(), format!("https://{host}.example.com"));
            assert_eq!(machine.latest(), Some(expected), "{line}: {}", ran.said);
        }
    }
}

/// `delete` finds an old preview, and `wait` the newest deployment of the commit.
#[test]
fn each_line_for_many_deployments_does_its_work() {
    for block in claimed("recipes/urls::each_line_for_many_deployments_does_its_work") {
        let machine = Machine::new();
        let commit = machine.sh("git rev-parse HEAD").said.trim().to_owned();
        for environment in ["Preview", "preview-7"] {
            let body = json!({"ref": commit, "environment": environment});
            let id = machine.github.deployment_of(&body);
            let status = json!({"state": "success", "environment_url": "https://shop.example.com"});
            machine.github.post_status(id, &status);
        }

        // Nothing here is thirty days old.
        let ran = machine.sh(&block.text.replace("720h", "0s"));

        assert_eq!(ran.code, Some(0), "{}: {}", block.place(), ran.said);
        let left = machine.github.deployments().len();
        if block.has(" delete ") {
            assert_eq!(left, 1, "`preview-*` is not `Preview`: {}", ran.said);
        } else {
            let found = ran.said.matches("\"https://shop.example.com\"").count();
            assert!(found >= 2, "{}", ran.said);
        }
    }
}
