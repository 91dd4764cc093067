//! Ways in which a deploy script says what its URL is, through a whole run.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::tempdir;

/// The `DEPLOYMENT_URL` that a run of the script leaves behind, and what it said.
#[track_caller]
fn ran(args: &[&str], variables: &[(&str, &str)], script: &str) -> (Option<String>, String) {
    let folder = tempdir().expect("there is room for a folder");
    let outputs = folder.path().join("outputs");
    let run = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .args(["run", "--sandbox", "--outputs"])
        .arg(&outputs)
        .args(args)
        .args(["--", "sh", "-c", script])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{said}");
    let outputs = fs::read_to_string(outputs).expect("the outputs are written");
    let url = outputs.lines().find_map(|line| line.strip_prefix("DEPLOYMENT_URL="));
    (url.map(str::to_owned), said)
}

#[track_caller]
fn check(args: &[&str], script: &str, expected: Option<&str>) {
    let (url, said) = ran(args, &[], script);
    assert_eq!(url.as_deref(), expected, "{said}");
}

#[test]
fn a_url_file_is_read_in_any_spelling() {
    let url = Some("https://a.example");
    check(&[], r#"echo "url='https://a.example'" >"$DEPLOYMENT_URL_FILE""#, url);
    check(&[], r#"echo a.example >"$DEPLOYMENT_URL_FILE""#, url);
    // As PowerShell's `>` writes it.
    let wide = r#"printf '\377\376h\0t\0t\0p\0s\0:\0/\0/\0a\0.\0e\0x\0a\0m\0p\0l\0e\0\r\0\n\0' >"$DEPLOYMENT_URL_FILE""#;
    check(&[], wide, url);
    check(&[], r#"echo https:/a.example/x >"$DEPLOYMENT_URL_FILE""#, Some("https://a.example/x"));
}

#[test]
fn a_url_without_a_host_is_refused_and_the_deploy_goes_on() {
    let (url, said) = ran(&[], &[], r#"echo "https:///app" >"$DEPLOYMENT_URL_FILE""#);
    assert_eq!(url, None);
    assert!(said.contains("no http or https URL"), "{said}");
}

#[test]
fn a_key_may_have_blanks_and_a_pattern_may_find_a_port() {
    let script = "echo 'Website URL:  https://a.example'";
    check(&["--url-key", "Website URL"], script, Some("https://a.example"));
    let script = "echo 'released to a.example:8443.'";
    check(&["--url-pattern", r"released to (\S+)"], script, Some("https://a.example:8443"));
}

#[test]
fn no_way_to_a_url_lets_a_secret_pass() {
    let secret = [("GITHUB_TOKEN", "s3cr3t/value")];
    let leak = "https://a.example/?x=s3cr3t%2Fvalue";
    let wrangler = tempdir().expect("there is room for a folder");
    let report = wrangler.path().join("report");
    let report = report.to_str().expect("the path is text");
    let entry = format!(r#"{{"type":"pages-deploy","url":"{leak}"}}"#);
    let scripts: [(&[&str], String); 4] = [
        (&[], format!(r#"echo "{leak}" >"$DEPLOYMENT_URL_FILE""#)),
        (&["--url-key", "url"], format!("echo 'url: {leak}'")),
        (&["--url-pattern", "at (.*)"], format!("echo 'live at {leak}'")),
        (&[], format!("echo '{entry}' >'{report}'")),
    ];
    for (args, script) in scripts {
        let variables = [secret[0], ("WRANGLER_OUTPUT_FILE_PATH", report)];
        let (url, said) = ran(args, &variables, &script);
        assert_eq!(url, None, "{script}");
        assert!(said.contains("contains a secret"), "{said}");
    }
}

#[test]
fn what_a_chatty_command_announces_is_found() {
    let script = "yes 'GET https://registry.example.com/a.tgz 200' | head -n 200000; echo 'Live at https://a.example'; yes building | head -n 200000";
    check(&[], script, Some("https://a.example"));
    check(&["--detect-url", "false"], "echo 'Live at https://a.example'", None);
}
