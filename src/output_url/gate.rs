//! The one gate that every URL passes, however it was found: what holds a secret stays here.

use super::Found;
use super::score::query::decoded;
use crate::deployment::WebUrl;
use crate::redact::Redactor;

/// Lets a URL pass that holds no secret, neither as it stands nor with its escapes resolved.
pub(crate) fn accept(url: WebUrl, secrets: &Redactor) -> Result<WebUrl, String> {
    // A redactor resolves the escapes once more.
    if secrets.matches(url.as_str()) || secrets.matches(&decoded(url.as_str())) {
        return Err("the URL that was found contains a secret: it is not reported".to_owned());
    }
    Ok(url)
}

/// A URL that the user or the command has declared, or why there is none.
pub(super) fn declare(url: Result<WebUrl, String>, secrets: &Redactor) -> Found {
    let is_declared = true;
    match url.and_then(|url| accept(url, secrets)) {
        Ok(url) => Found { url: Some(url), is_declared, warning: None },
        Err(why) => Found { url: None, is_declared, warning: Some(why) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Secret;

    #[test]
    fn a_secret_passes_in_no_spelling() {
        let secrets = Redactor::new(vec![Secret::new("p@ss/word")]);
        let accepts =
            |text: &str| accept(WebUrl::parse(text).expect("it is a URL"), &secrets).is_ok();
        assert!(accepts("https://a.example/?x=p"));
        assert!(!accepts("https://a.example/p@ss/word"));
        assert!(!accepts("https://a.example/?x=p%40ss%2Fword"));
        assert!(!accepts("https://a.example/?x=p%2540ss%252Fword"));
    }
}
