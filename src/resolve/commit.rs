//! Which commit? The `ref` that was given, else the one that people mean; a pull request's head is
//! asked for where neither the event nor the CI names it.

use std::time::Duration;

use tokio::time::Instant;

use crate::ci::Kind;
use crate::ci::event::PullRequestHead;
use crate::github::Github;
use crate::inputs::Inputs;

/// The head is worth one look: the next best answer is at hand.
const HEAD_LIMIT: Duration = Duration::from_secs(5);

/// What a deployment is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Commit {
    /// A commit, or what `ref` says.
    pub(crate) git_ref: Option<String>,
    /// Why it may be the wrong one.
    pub(crate) warning: Option<String>,
}

/// The commit that is deployed. Costs a request only where a pull request's head must be asked for.
pub(crate) async fn find(github: &Github, inputs: &Inputs, deadline: Instant) -> Commit {
    let known = inputs.target.commit.clone();
    let of = |git_ref| Commit { git_ref, warning: None };
    if let Some(given) = &inputs.target.git_ref {
        return of(Some(given.clone()));
    }
    let Some(PullRequestHead { number, checked_out }) = head_to_ask_for(inputs) else {
        return of(known);
    };
    let until = deadline.min(Instant::now() + HEAD_LIMIT);
    let error = match github.reading(until, |limit| github.pull_request(number, limit)).await {
        Ok(pull_request) => return of(Some(pull_request.commit().to_owned())),
        Err(error) => error,
    };
    let git_ref = checked_out.or(known);
    let taken = git_ref.as_deref().unwrap_or("none");
    let warning = format!(
        "the head of pull request {number} is not known, so commit `{taken}` is taken: {error}\n\
         help: give `ref`, or let the token read pull requests (`permissions: pull-requests: read`)"
    );
    Commit { git_ref, warning: Some(warning) }
}

/// Jenkins builds a merge commit that exists on its agent alone.
fn head_to_ask_for(inputs: &Inputs) -> Option<PullRequestHead> {
    let of_jenkins = || {
        let number = inputs.ci.pull_request.filter(|_| inputs.ci.kind == Some(Kind::Jenkins))?;
        Some(PullRequestHead { number, checked_out: None })
    };
    inputs.event.head_of.clone().or_else(of_jenkins)
}
