//! What is posted is public: a secret among it is dropped, with a warning.

use super::{CONFIGURED, check, run_with};
use crate::inputs::LogUrl;

#[test]
fn what_holds_a_secret_is_not_posted() {
    let inputs = run_with(&[
        ("DB_PASSWORD", "hunter22"),
        ("INPUT_ENVIRONMENT_URL", "https://x.example/?p=hunter22"),
        ("INPUT_TARGET_URL", "https://x.example/ghs_github"),
        ("INPUT_LOG_URL", "https://hunter22.example"),
        ("INPUT_DESCRIPTION", "The password is hunter22"),
    ]);

    let options = &inputs.status_options;
    assert!(options.environment_url.is_none() && options.target_url.is_none());
    assert!(options.log_url == LogUrl::NotSent && options.description.is_none());
    assert_eq!(inputs.warnings.len(), 4);
    for (warning, name) in inputs.warnings.iter().zip(["DESCRIPTION", "TARGET", "ENVIRON", "LOG"]) {
        assert!(warning.starts_with(&format!("INPUT_{name}")), "{warning}");
        assert!(!warning.contains("hunter22") && !warning.contains("ghs_"), "{warning}");
    }
}

#[test]
fn what_holds_none_is_posted() {
    let inputs = run_with(&[
        ("DB_PASSWORD", "hunter22"),
        ("INPUT_ENVIRONMENT_URL", "https://x.example"),
        ("INPUT_DESCRIPTION", "Deployed by hand"),
    ]);

    assert!(inputs.status_options.environment_url.is_some() && inputs.warnings.is_empty());
    assert_eq!(inputs.status_options.description.as_deref(), Some("Deployed by hand"));
}

#[test]
fn a_token_of_ours_in_what_names_a_deployment_is_an_error() {
    for name in ["ENVIRONMENT", "REF", "TASK", "PAYLOAD", "REQUIRED_CONTEXTS"] {
        let variable = format!("INPUT_{name}");
        let given = [CONFIGURED.as_slice(), &[(variable.as_str(), "x-ghs_github")]].concat();
        let error = check(&["--", "true"], &given).expect_err("it holds the token").to_string();
        assert!(error.contains(&format!("{variable} holds a token")), "{error}");
        assert!(!error.contains("ghs_github"), "{error}");
    }
}
