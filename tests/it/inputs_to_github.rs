//! Where GitHub receives each input: (input, value) -> JSON pointer in a request -> expected value.
//! Each row is checked with the input as a flag and as a variable.

use std::thread;

use serde_json::Value;

use self::Sent::{Cancelled, Create, Creation, Failure, Initial, Success};
use crate::deploy::{Deploy, JOB_PAGE};
use crate::github::{FakeGithub, Request};
use crate::step::Step;

/// Which request is looked at, and what leads to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sent {
    /// The creation of the deployment.
    Creation,
    /// The initial status.
    Initial,
    /// The final status of a command that exits with 0, with 3, or that was cancelled.
    Success,
    Failure,
    Cancelled,
    /// The status that `create` posts, when the state is this.
    Create(&'static str),
}

/// The input's name and value; the request; the JSON pointer; the value there as JSON, or nothing
/// where the field must not be sent.
type Row = (&'static str, &'static str, Sent, &'static str, &'static str);

const CREATION: &[Row] = &[
    ("task", "deploy:preview", Creation, "/task", r#""deploy:preview""#),
    ("environment", "qa", Creation, "/environment", r#""qa""#),
    ("ref", "v1", Creation, "/ref", r#""v1""#),
    ("auto-merge", "true", Creation, "/auto_merge", "true"),
    ("required-contexts", "build, test", Creation, "/required_contexts", r#"["build","test"]"#),
    ("required-contexts", r#"["a,b"]"#, Creation, "/required_contexts", r#"["a,b"]"#),
    ("required-contexts", "*", Creation, "/required_contexts", ""),
    ("payload", r#"{"color":"blue"}"#, Creation, "/payload/color", r#""blue""#),
    ("payload", r#"{"color":"blue"}"#, Creation, "/payload/deployment_status/run", r#""77""#),
    ("payload", "a text", Creation, "/payload", r#""a text""#),
    ("transient-environment", "true", Creation, "/transient_environment", "true"),
    ("transient-environment", "true", Creation, "/production_environment", ""),
    ("transient-environment", "false", Creation, "/transient_environment", "false"),
    ("production-environment", "true", Creation, "/production_environment", "true"),
    ("production-environment", "true", Creation, "/transient_environment", ""),
    ("production-environment", "false", Creation, "/production_environment", "false"),
];

const CREATION_WITHOUT_INPUTS: &[Row] = &[
    ("", "", Creation, "/task", r#""deploy""#),
    ("", "", Creation, "/auto_merge", "false"),
    ("", "", Creation, "/required_contexts", "[]"),
    ("", "", Creation, "/payload/deployment_status/run", r#""77""#),
    ("", "", Creation, "/transient_environment", ""),
    ("", "", Creation, "/production_environment", ""),
];

const STATUSES: &[Row] = &[
    ("initial-state", "queued", Initial, "/state", r#""queued""#),
    ("initial-state", "in_progress", Initial, "/state", r#""in_progress""#),
    ("initial-state", "queued", Success, "/state", r#""success""#),
    ("cancel-state", "failure", Cancelled, "/state", r#""failure""#),
    ("cancel-state", "inactive", Cancelled, "/state", r#""inactive""#),
    ("cancel-state", "inactive", Failure, "/state", r#""failure""#),
    ("description", "on {environment}", Initial, "/description", r#""on staging""#),
    ("description", "code {exit_code}", Failure, "/description", r#""code 3""#),
    ("environment", "qa", Initial, "/environment", r#""qa""#),
    ("environment", "qa", Success, "/environment", r#""qa""#),
    ("target-url", "https://t.example/", Initial, "/target_url", r#""https://t.example/""#),
    ("target-url", "https://t.example/", Success, "/target_url", r#""https://t.example/""#),
    ("target-url", "https://t.example/", Failure, "/target_url", r#""https://t.example/""#),
    ("target-url", "https://t.example/", Cancelled, "/target_url", r#""https://t.example/""#),
    ("target-url", "https://t.example/", Success, "/environment_url", r#""https://app.example/""#),
    ("environment-url", "https://e.example/", Initial, "/environment_url", ""),
    ("environment-url", "https://e.example/", Initial, "/target_url", PAGE),
    ("environment-url", "https://e.example/", Success, "/environment_url", E_EXAMPLE),
    ("environment-url", "https://e.example/", Success, "/target_url", E_EXAMPLE),
    ("environment-url", "https://e.example/", Failure, "/environment_url", ""),
    ("log-url", "auto", Initial, "/log_url", PAGE),
    ("log-url", "auto", Initial, "/target_url", ""),
    ("log-url", "auto", Success, "/log_url", PAGE),
    ("log-url", "auto", Success, "/target_url", ""),
    ("log-url", "auto", Success, "/environment_url", r#""https://app.example/""#),
    ("log-url", "auto", Cancelled, "/log_url", PAGE),
    ("log-url", "https://l.example/", Initial, "/log_url", r#""https://l.example/""#),
    ("log-url", "https://l.example/", Failure, "/log_url", r#""https://l.example/""#),
    ("log-url", "https://l.example/", Failure, "/target_url", ""),
    ("auto-inactive", "true", Success, "/auto_inactive", "true"),
    ("auto-inactive", "false", Success, "/auto_inactive", "false"),
    ("auto-inactive", "false", Initial, "/auto_inactive", ""),
    ("auto-inactive", "false", Failure, "/auto_inactive", ""),
    ("detect-url", "false", Success, "/environment_url", ""),
    ("detect-url", "false", Success, "/target_url", PAGE),
];

const STATUSES_WITHOUT_INPUTS: &[Row] = &[
    ("", "", Initial, "/state", r#""pending""#),
    ("", "", Initial, "/target_url", PAGE),
    ("", "", Initial, "/log_url", ""),
    ("", "", Initial, "/environment_url", ""),
    ("", "", Success, "/environment_url", r#""https://app.example/""#),
    ("", "", Success, "/target_url", r#""https://app.example/""#),
    ("", "", Success, "/log_url", ""),
    ("", "", Success, "/auto_inactive", ""),
    ("", "", Failure, "/target_url", PAGE),
    ("", "", Cancelled, "/state", r#""error""#),
    ("", "", Cancelled, "/target_url", PAGE),
];

const POSTED_BY_CREATE: &[Row] = &[
    ("cancel-state", "failure", Create("cancelled"), "/state", r#""failure""#),
    ("", "", Create("cancelled"), "/state", r#""error""#),
    ("", "", Create("skipped"), "/state", r#""inactive""#),
    ("description", "by hand", Create("queued"), "/description", r#""by hand""#),
    ("environment", "qa", Create("queued"), "/environment", r#""qa""#),
    ("environment-url", "https://e.example/", Create("success"), "/environment_url", E_EXAMPLE),
    ("environment-url", "https://e.example/", Create("success"), "/target_url", E_EXAMPLE),
    ("environment-url", "https://e.example/", Create("queued"), "/target_url", ""),
    ("target-url", "https://t.example/", Create("queued"), "/target_url", T_EXAMPLE),
    ("target-url", "https://t.example/", Create("success"), "/target_url", T_EXAMPLE),
    ("log-url", "https://l.example/", Create("success"), "/log_url", r#""https://l.example/""#),
    ("auto-inactive", "false", Create("success"), "/auto_inactive", "false"),
    ("", "", Create("success"), "/auto_inactive", ""),
];

const E_EXAMPLE: &str = r#""https://e.example/""#;
const T_EXAMPLE: &str = r#""https://t.example/""#;

/// [`JOB_PAGE`] as JSON.
const PAGE: &str = r#""https://github.com/octo/app/actions/runs/77/job/88""#;

#[test]
fn a_created_deployment_is_as_the_inputs_say() {
    check(CREATION);
}

#[test]
fn a_created_deployment_without_inputs_has_our_defaults() {
    check(CREATION_WITHOUT_INPUTS);
}

#[test]
fn statuses_are_as_the_inputs_say() {
    check(STATUSES);
}

#[test]
fn statuses_without_inputs_have_our_defaults() {
    check(STATUSES_WITHOUT_INPUTS);
}

#[test]
fn an_environment_url_that_is_known_beforehand_says_nothing_of_a_failure() {
    check(&[("environment-url", "https://e.example/", Failure, "/target_url", PAGE)]);
}

#[test]
fn what_create_posts_is_as_the_inputs_say() {
    check(POSTED_BY_CREATE);
}

#[test]
fn the_page_of_the_table_is_the_jobs() {
    assert_eq!(read(PAGE), Some(JOB_PAGE.into()));
}

/// Names every row that does not hold, not only the first.
#[track_caller]
fn check(rows: &[Row]) {
    let (ours, theirs) = rows.split_at(rows.len() / 2);
    let wrong: Vec<String> = thread::scope(|scope| {
        [ours, theirs]
            .map(|rows| scope.spawn(|| rows.iter().flat_map(wrong).collect::<Vec<_>>()))
            .into_iter()
            .flat_map(|half| half.join().expect("no row panics"))
            .collect()
    });
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn wrong(row: &Row) -> Vec<String> {
    let &(input, value, sent, pointer, expected) = row;
    [Spelling::Flag, Spelling::Variable]
        .into_iter()
        .filter_map(|spelling| {
            let body = body(sent, &spelling, input, value);
            let found = body.pointer(pointer).cloned();
            (found != read(expected))
                .then(|| format!("{row:?} as a {spelling:?}: `{pointer}` is {found:?} in {body}"))
        })
        .collect()
}

fn read(json: &str) -> Option<Value> {
    (!json.is_empty()).then(|| serde_json::from_str(json).expect("the table holds JSON"))
}

#[derive(Debug)]
enum Spelling {
    Flag,
    Variable,
}

impl Spelling {
    fn variable(name: &str) -> String {
        format!("INPUT_{}", name.replace('-', "_").to_ascii_uppercase())
    }
}

/// The body of the request, made with this input.
fn body(sent: Sent, spelling: &Spelling, input: &str, value: &str) -> Value {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let script = match sent {
        Creation | Initial | Success => "echo Live at https://app.example/",
        Failure => "exit 3",
        // Our own pid is the command's parent.
        Cancelled => "kill -s TERM $PPID; exec sleep 60",
        Create(state) => return posted_by_create(&github, state, spelling, input, value),
    };
    let base = Deploy::of(&github).on_actions().sh(script);
    let base = if sent == Creation {
        base.variable("INPUT_CREATE_DEPLOYMENT", "always")
            .variable("INPUT_ENVIRONMENT", "staging")
            .variable("INPUT_REF", "main")
    } else {
        base.variable("INPUT_DEPLOYMENT_ID", "42").variable("INPUT_ENVIRONMENT", "staging")
    };
    let ran = match spelling {
        _ if input.is_empty() => base,
        Spelling::Flag => base.option(input, value),
        Spelling::Variable => base.variable(&Spelling::variable(input), value),
    }
    .run();
    let of = |path: &str| -> Vec<Request> {
        let requests = github.requests().into_iter();
        requests.filter(|one| one.method == "POST" && one.path.ends_with(path)).collect()
    };
    let found = match sent {
        Creation => of("/deployments").into_iter().next(),
        Initial => of("/statuses").into_iter().next(),
        Success | Failure | Cancelled | Create(_) => of("/statuses").into_iter().nth(1),
    };
    found.unwrap_or_else(|| panic!("{sent:?} was not sent: {input}={value} {ran:#?}")).body
}

fn posted_by_create(
    github: &FakeGithub,
    state: &str,
    spelling: &Spelling,
    input: &str,
    value: &str,
) -> Value {
    let flag = format!("--{input}={value}");
    let mut arguments = vec!["create", "--deployment-id=42", "--state", state];
    let mut step = Step::of(github);
    match spelling {
        _ if input.is_empty() => {}
        Spelling::Flag => arguments.push(&flag),
        Spelling::Variable => step = step.variable(Spelling::variable(input), value),
    }
    let told = step.arguments(&arguments).outcome();
    let [request] = <[Request; 1]>::try_from(github.requests())
        .unwrap_or_else(|requests| panic!("one request is sent: {requests:?} {told:?}"));
    request.body
}
