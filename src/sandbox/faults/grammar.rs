//! How a fault is written: `WHEN: WHAT`.
//! A rule that is not understood is refused with the words that would be.

use http::{Method, StatusCode};

use super::{BodyShape, Effect, EndpointGroup, Fault, Reaction, RedirectTarget, Rule};
use crate::sandbox::error_response::Reason;
use crate::sandbox::time;

const GROUPS: [(&str, EndpointGroup); 6] = [
    ("deployments", EndpointGroup::Deployments),
    ("statuses", EndpointGroup::Statuses),
    ("environments", EndpointGroup::Environments),
    ("runs", EndpointGroup::WorkflowRuns),
    ("pulls", EndpointGroup::PullRequests),
    ("app", EndpointGroup::App),
];

impl Rule {
    /// Reads a rule; the error is a sentence that says what was expected.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (when, what) = text.split_once(':').ok_or_else(|| {
            format!("`{text}` has no colon: write `WHEN: WHAT`, as in `next post: 502`")
        })?;
        let mut rule = read_when(when).map_err(|why| format!("`{}`: {why}", when.trim()))?;
        for step in what.split(',').map(str::trim) {
            read_step(step, &mut rule.fault).map_err(|why| format!("`{step}`: {why}"))?;
        }
        rule.text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(rule)
    }
}

fn read_when(text: &str) -> Result<Rule, String> {
    let lower = text.replace(',', " ").to_ascii_lowercase();
    let mut words = lower.split_whitespace().peekable();
    let mut skip = 0;
    let mut left = Some(1);
    if words.next_if_eq(&"skip").is_some() {
        let count = words.next().and_then(|word| word.parse().ok());
        skip = count.ok_or("expected a number after `skip`")?;
    }
    if words.next_if(|word| matches!(*word, "every" | "all")).is_some() {
        left = None;
    } else if words.next_if_eq(&"next").is_some() {
        let count = words.peek().and_then(|word| word.parse().ok());
        if let Some(count) = count {
            words.next();
            left = Some(count);
        }
    } else if skip == 0 {
        return Err("expected `next`, `every` or `skip N` first".to_owned());
    }
    let method = match words.next().map(|word| word.trim_end_matches('s')) {
        Some("request") => None,
        Some("get") => Some(Method::GET),
        Some("post") => Some(Method::POST),
        Some("delete") => Some(Method::DELETE),
        Some(_) | None => return Err("expected `request`, `get`, `post` or `delete`".to_owned()),
    };
    let group = read_group(words.next(), words.next())?;
    match words.next() {
        None => {
            Ok(Rule { skip, left, method, group, fault: Fault::default(), text: String::new() })
        }
        Some(word) => Err(format!("`{word}` is too much; expected a colon")),
    }
}

fn read_group(
    preposition: Option<&str>,
    name: Option<&str>,
) -> Result<Option<EndpointGroup>, String> {
    if preposition.is_none() {
        return Ok(None);
    }
    let name = name.filter(|_| matches!(preposition, Some("to" | "of" | "on")));
    let group = GROUPS.iter().find(|(word, _)| Some(*word) == name);
    group.map(|(_, group)| Some(*group)).ok_or_else(|| {
        let words = GROUPS.map(|(word, _)| format!("`to {word}`"));
        format!("expected one of {}", words.join(", "))
    })
}

fn read_step(text: &str, fault: &mut Fault) -> Result<(), String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["commit"] => fault.effect = Effect::Immediate,
        ["late", wait] => fault.effect = Effect::Delayed(time::parse_duration(wait)?),
        ["delay", wait] => fault.delay = time::parse_duration(wait)?,
        ["drop"] => fault.reaction = Reaction::Disconnect,
        ["hang"] => fault.reaction = Reaction::Hang,
        ["truncate"] => fault.reaction = Reaction::Response(BodyShape::Truncated),
        ["html"] => fault.reaction = Reaction::Response(BodyShape::Html),
        ["empty"] => fault.reaction = Reaction::Response(BodyShape::Empty),
        ["wrong-type"] => fault.reaction = Reaction::Response(BodyShape::WrongType),
        ["trickle", over] => {
            fault.reaction = Reaction::Response(BodyShape::Trickled(time::parse_duration(over)?));
        }
        ["lag", lag] => fault.overrides.lag = time::parse_duration(lag)?,
        ["link", origin] => fault.overrides.link = Some(read_origin(origin)?),
        ["expire", lifetime] => {
            fault.overrides.token_lifetime = Some(time::parse_duration(lifetime)?);
        }
        ["waiting"] => fault.overrides.waiting = true,
        [code, rest @ ..] if code.bytes().all(|byte| byte.is_ascii_digit()) => {
            fault.reaction = read_code(code, rest)?;
        }
        _ => {
            return Err(
                "expected a code such as `502`, or one of `drop`, `hang`, `commit`, `delay \
                        D`, `late D`, `truncate`, `html`, `empty`, `wrong-type`, `trickle D`, `lag \
                        D`, `link URL`, `waiting`, `expire D`"
                    .to_owned(),
            );
        }
    }
    Ok(())
}

fn read_code(code: &str, rest: &[&str]) -> Result<Reaction, String> {
    let status = StatusCode::from_bytes(code.as_bytes()).ok();
    match status.map(|status| (status, status.as_u16())) {
        Some((status, 301 | 302 | 307 | 308)) => {
            let to = match rest {
                [] => RedirectTarget::Renamed,
                ["loop"] => RedirectTarget::Loop,
                ["to", origin] => RedirectTarget::Origin(read_origin(origin)?),
                _ => return Err("a redirect may be followed by `loop` or `to URL`".to_owned()),
            };
            Ok(Reaction::Redirect { status, to })
        }
        Some((status, 202 | 400..=599)) => {
            Ok(Reaction::Error { status, reason: read_reason(rest)? })
        }
        Some(_) | None => {
            Err("expected 202, 301, 302, 307, 308 or a code from 400 to 599".to_owned())
        }
    }
}

fn read_reason(words: &[&str]) -> Result<Reason, String> {
    match words {
        [] => Ok(Reason::Plain),
        ["retry-after", wait] => time::parse_any_duration(wait).map(Reason::RetryAfter),
        ["retry-at", wait] => time::parse_duration(wait).map(Reason::RetryAt),
        ["reset", wait] => time::parse_any_duration(wait).map(Reason::Exhausted),
        ["secondary"] => Ok(Reason::Secondary),
        ["sso"] => Ok(Reason::SingleSignOn),
        ["ip"] => Ok(Reason::AddressNotAllowed),
        _ => Err("a code may be followed by `retry-after D`, `retry-at D`, `reset D`, \
                  `secondary`, `sso` or `ip`"
            .to_owned()),
    }
}

fn read_origin(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).ok().filter(url::Url::has_host);
    url.map(|url| url.as_str().trim_end_matches('/').to_owned())
        .ok_or_else(|| format!("`{text}` is no URL: write `http://127.0.0.1:9999`"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::{Expect, expect};
    use proptest::prelude::{ProptestConfig, proptest};

    use super::*;

    #[track_caller]
    fn check(text: &str, fault: &Fault) {
        assert_eq!(Rule::parse(text).as_ref().map(|rule| &rule.fault), Ok(fault));
    }

    #[track_caller]
    fn check_refusal(text: &str, expected: &Expect) {
        expected.assert_eq(&Rule::parse(text).expect_err("it is refused"));
    }

    fn reaction(reaction: Reaction) -> Fault {
        Fault { reaction, ..Fault::default() }
    }

    #[test]
    fn when_says_which_requests() {
        let rule = Rule::parse("skip 1, next 2 POSTs to statuses: drop").expect("it is a rule");
        assert_eq!((rule.skip, rule.left), (1, Some(2)));
        assert_eq!((rule.method, rule.group), (Some(Method::POST), Some(EndpointGroup::Statuses)));

        let rule = Rule::parse("skip 3 requests: drop").expect("it is a rule");
        assert_eq!((rule.skip, rule.left, rule.method, rule.group), (3, Some(1), None, None));

        let rule = Rule::parse("next delete to environments: 403").expect("it is a rule");
        let group = Some(EndpointGroup::Environments);
        assert_eq!((rule.method, rule.group), (Some(Method::DELETE), group));

        let rule = Rule::parse("every get: drop").expect("it is a rule");
        assert_eq!((rule.left, rule.method), (None, Some(Method::GET)));
    }

    #[test]
    fn what_says_the_fault() {
        let refused = |status, reason| reaction(Reaction::Error { status, reason });
        check("next post: 502", &refused(StatusCode::BAD_GATEWAY, Reason::Plain));
        check(
            "next post: 429 retry-after 1",
            &refused(StatusCode::TOO_MANY_REQUESTS, Reason::RetryAfter(Duration::from_secs(1))),
        );
        let longest = Reason::RetryAfter(Duration::from_secs(u64::MAX));
        check(
            "next post: 429 retry-after 18446744073709551615",
            &refused(StatusCode::TOO_MANY_REQUESTS, longest),
        );
        check(
            "next post: commit, delay 500ms, drop",
            &Fault {
                effect: Effect::Immediate,
                delay: Duration::from_millis(500),
                ..reaction(Reaction::Disconnect)
            },
        );
        check(
            "next post: 307 to http://127.0.0.1:9/",
            &reaction(Reaction::Redirect {
                status: StatusCode::TEMPORARY_REDIRECT,
                to: RedirectTarget::Origin("http://127.0.0.1:9".to_owned()),
            }),
        );
    }

    #[test]
    fn a_bad_rule_is_refused_with_what_was_expected() {
        check_refusal(
            "next post",
            &expect!["`next post` has no colon: write `WHEN: WHAT`, as in `next post: 502`"],
        );
        check_refusal("post: 502", &expect!["`post`: expected `next`, `every` or `skip N` first"]);
        check_refusal(
            "next put: 502",
            &expect!["`next put`: expected `request`, `get`, `post` or `delete`"],
        );
        check_refusal(
            "next post to issues: 502",
            &expect![
                "`next post to issues`: expected one of `to deployments`, `to statuses`, `to environments`, `to runs`, `to pulls`, `to app`"
            ],
        );
        check_refusal(
            "next post: 200",
            &expect!["`200`: expected 202, 301, 302, 307, 308 or a code from 400 to 599"],
        );
        check_refusal(
            "next post: delay soon",
            &expect!["`delay soon`: `soon` is no duration: write `3s`, `500ms` or `2m`"],
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_is_too_odd(text in "[a-z0-9 ,:]{0,40}") {
            let _outcome = Rule::parse(&text);
        }
    }
}
