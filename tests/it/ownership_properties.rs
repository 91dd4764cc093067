//! Whatever lies in an environment, no command writes to what is another's.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::deploy::Deploy;
use crate::github::FakeGithub;
use crate::step::Step;

const COMMIT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Who is named, by a payload or by a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Nobody,
    OurJob,
    /// Of our run, and no job.
    OurRun,
    OurRunsOtherJob,
    AnotherRun,
}

const ALL: [Named; 5] =
    [Named::Nobody, Named::OurJob, Named::OurRun, Named::OurRunsOtherJob, Named::AnotherRun];

/// A deployment that is there before.
#[derive(Clone, Debug)]
struct Before {
    payload: Named,
    /// Of the latest status, if there is one.
    page: Option<Named>,
    is_final: bool,
    is_of_our_commit: bool,
    environment: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Run(&'static str),
    RunWithoutEnvironment,
    Create(&'static str),
    Finish,
    FinishOfUse,
}

const ACTIONS: [Action; 11] = [
    Action::Run("if-missing"),
    Action::Run("never"),
    Action::Run("always"),
    Action::RunWithoutEnvironment,
    Action::Create("pending"),
    Action::Create("success"),
    Action::Create("failure"),
    Action::Create("skipped"),
    Action::Create("cancelled"),
    Action::Finish,
    Action::FinishOfUse,
];

impl Before {
    fn seed(&self, github: &FakeGithub) -> u64 {
        let commit = if self.is_of_our_commit { COMMIT.to_owned() } else { "c".repeat(40) };
        let mut body = json!({ "ref": commit, "environment": self.environment });
        if let Some(owner) = owner(self.payload) {
            body["payload"] = json!({ "deployment_status": owner });
        }
        let id = github.deployment_of(&body);
        if let Some(page) = self.page {
            let state = if self.is_final { "success" } else { "in_progress" };
            // A success of one would retire the others.
            let body =
                json!({ "state": state, "target_url": page_of(page), "auto_inactive": false });
            github.post_status(id, &body);
        }
        id
    }

    /// Who is named, and whether by the payload. A payload decides where it names somebody.
    fn named(&self) -> Named {
        match self.payload {
            Named::Nobody => self.page.unwrap_or(Named::Nobody),
            named => named,
        }
    }

    /// Whether a command may write to it.
    fn is_free_for(&self, action: Action) -> bool {
        let is_ours_by_payload = self.payload == Named::OurRun;
        match (action, self.named()) {
            (_, Named::AnotherRun) | (Action::FinishOfUse, _) => false,
            (_, Named::OurJob) => true,
            (Action::Finish, named) => named != Named::Nobody,
            (_, Named::OurRunsOtherJob) => false,
            (_, Named::OurRun) => is_ours_by_payload || self.is_of_our_commit,
            (_, Named::Nobody) => self.is_of_our_commit,
        }
    }
}

fn owner(named: Named) -> Option<Value> {
    match named {
        Named::Nobody => None,
        Named::OurJob => Some(json!({ "run": "77", "job": "88" })),
        Named::OurRun => Some(json!({ "run": "77" })),
        Named::OurRunsOtherJob => Some(json!({ "run": "77", "job": "89" })),
        Named::AnotherRun => Some(json!({ "run": "78", "job": "88" })),
    }
}

fn page_of(named: Named) -> &'static str {
    match named {
        Named::Nobody => "https://hello.example.com",
        Named::OurJob => "https://github.com/octo/app/actions/runs/77/job/88",
        Named::OurRun => "https://github.com/octo/app/actions/runs/77/attempts/1",
        Named::OurRunsOtherJob => "https://github.com/octo/app/actions/runs/77/job/89",
        Named::AnotherRun => "https://github.com/octo/app/actions/runs/78/job/90",
    }
}

fn before() -> impl Strategy<Value = Before> {
    let named = || prop::sample::select(&ALL[..]);
    let environment = prop::sample::select(vec!["production", "production", "Production"]);
    (named(), prop::option::of(named()), any::<bool>(), prop::bool::weighted(0.7), environment)
        .prop_map(|(payload, page, is_final, is_of_our_commit, environment)| Before {
            payload,
            page,
            is_final,
            is_of_our_commit,
            environment,
        })
}

fn act(github: &FakeGithub, action: Action) {
    let temp = tempfile::tempdir().expect("the disk has room");
    let step = |arguments: &[&str]| {
        Step::of(github)
            .arguments(arguments)
            .variables(&[
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_SERVER_URL", "https://github.com"),
                ("GITHUB_RUN_ID", "77"),
                ("GITHUB_RUN_ATTEMPT", "1"),
                ("GITHUB_SHA", COMMIT),
                ("INPUT_JOB_ID", "88"),
                ("INPUT_CANCEL_STATE", "inactive"),
                ("INPUT_AUTO_INACTIVE", "false"),
            ])
            .variable("RUNNER_TEMP", temp.path())
    };
    let deploy = || Deploy::of(github).on_actions().option("auto-inactive", "false");
    match action {
        Action::Run(create) => drop(
            deploy().option("environment", "production").option("create-deployment", create).run(),
        ),
        Action::RunWithoutEnvironment => drop(deploy().run()),
        Action::Create(state) => {
            step(&["create", "--environment", "production", "--state", state]).outcome();
        }
        Action::Finish => drop(step(&["finish", "--environment", "production"]).outcome()),
        Action::FinishOfUse => {
            let step = step(&["finish", "--environment", "production"]);
            step.variable("INPUT_USE", "one").outcome();
        }
    }
}

#[test]
fn no_command_writes_to_what_is_anothers() {
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(48) });
    let strategy = (prop::collection::vec(before(), 1..6), prop::sample::select(&ACTIONS[..]));
    let checked = runner.run(&strategy, |(all, action)| {
        let github = FakeGithub::start(&[]);
        let ids: Vec<u64> = all.iter().map(|before| before.seed(&github)).collect();
        act(&github, action);
        for (id, before) in ids.iter().zip(&all) {
            let is_written = github.requests().iter().any(|request| {
                request.method == "POST" && request.path.contains(&format!("/deployments/{id}/"))
            });
            prop_assert!(!is_written || before.is_free_for(action), "{id}: {before:?}");
        }
        Ok(())
    });
    checked.unwrap_or_else(|why| panic!("{why}"));
}
