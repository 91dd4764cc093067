//! What the command wrote to its `DEPLOYMENT_URL_FILE`, in any encoding that a shell may write.

use super::super::Found;
use super::super::ansi::strip;
use super::super::gate::declare;
use super::as_url;
use crate::redact::Redactor;

/// How much of the file is read.
const MAX_DECLARATION: usize = 4 * 1024;

/// Reads the first line that is not blank. None where the command declared nothing.
pub(crate) fn declared(file: &[u8], secrets: &Redactor) -> Option<Found> {
    let text = decoded(&file[..file.len().min(MAX_DECLARATION)]);
    let mut shown = text.lines().map(|line| strip(line.as_bytes()).trim().to_owned());
    let line = shown.find(|line| !line.is_empty())?;
    let url = as_url(value(&line)).ok_or_else(|| {
        "the first line of the DEPLOYMENT_URL_FILE is no http or https URL: no URL is reported"
            .to_owned()
    });
    Some(declare(url, secrets))
}

/// The text of UTF-8 or UTF-16, with or without its mark. `PowerShell`'s `>` writes UTF-16.
fn decoded(bytes: &[u8]) -> String {
    let units = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<_> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [first, 0, ..] if *first != 0 => units(bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => units(bytes, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// What `url=…`, `export URL=…` or `URL: …` names.
fn value(line: &str) -> &str {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let Some((name, value)) = line.split_once(['=', ':']) else { return line };
    let is_name = !name.trim().is_empty()
        && name.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_- ".contains(&byte));
    let is_scheme = ["http", "https"].contains(&name.trim().to_ascii_lowercase().as_str());
    let is_port =
        value.starts_with(|c: char| c.is_ascii_digit()) && !line[..name.len()].contains(' ');
    if is_name && !is_scheme && !is_port { value } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::WebUrl;
    use crate::redact::Secret;

    #[track_caller]
    fn check(file: &[u8], url: Option<&str>) {
        let found = declared(file, &Redactor::default());
        let found = found.and_then(|found| found.url);
        assert_eq!(
            found.as_ref().map(WebUrl::as_str),
            url,
            "in: {:?}",
            String::from_utf8_lossy(file)
        );
    }

    #[test]
    fn the_first_line_that_is_not_blank_counts() {
        check(b"\n  \n https://a.example \nhttps://b.example\n", Some("https://a.example"));
        assert!(declared(b" \n\n", &Redactor::default()).is_none());
    }

    #[test]
    fn every_encoding_of_a_shell_is_read() {
        let text = "https://a.example/x\r\n";
        let wide =
            |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
        let url = Some("https://a.example/x");
        check(&[&[0xff, 0xfe], wide(u16::to_le_bytes).as_slice()].concat(), url);
        check(&[&[0xfe, 0xff], wide(u16::to_be_bytes).as_slice()].concat(), url);
        check(&wide(u16::to_le_bytes), url);
        check(&[&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(), url);
    }

    #[test]
    fn what_people_write_around_a_url_is_no_part_of_it() {
        check(b"\x1b[36mhttps://a.example\x1b[39m\n", Some("https://a.example"));
        check(b"\"https://a.example\"", Some("https://a.example"));
        check(b"url=https://a.example", Some("https://a.example"));
        check(b"export DEPLOY_URL='https://a.example'", Some("https://a.example"));
        check(b"URL: https://a.example", Some("https://a.example"));
        check(b"a.example", Some("https://a.example"));
        check(b"a.example:8443/x", Some("https://a.example:8443/x"));
        check(b"localhost:3000", Some("http://localhost:3000"));
    }

    #[test]
    fn what_github_would_refuse_is_mended_or_refused() {
        check(b"https:/example.com/a", Some("https://example.com/a"));
        check(b"HTTPS://Example.com", Some("https://example.com"));
        check(b"http:example.com", Some("http://example.com/"));
        check(b"https:///app", None);
        check(b"https://", None);
        check(b"see below", None);
    }

    #[test]
    fn a_secret_is_not_reported() {
        let secrets = Redactor::new(vec![Secret::new("s3cr3t/value")]);
        let found = declared(b"https://a.example/?x=s3cr3t%2Fvalue", &secrets);
        assert!(found.is_some_and(|found| found.url.is_none() && found.warning.is_some()));
    }
}
