//! The options of `sandbox`, and what its `--help` says after them.

use clap::Args;

/// The options of `sandbox`, as texts; `sandbox` parses them.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
#[group(skip)]
pub(crate) struct SandboxArgs {
    /// The port to listen on [default: any free one]
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// What a token may do: `read`, `deployments`, `write` or `admin`; without any, every token
    /// may do everything
    #[arg(long = "grant", value_name = "TOKEN:PERMISSION")]
    pub(crate) grants: Vec<String>,
    /// How to misbehave, such as "next 2 posts: 502"
    #[arg(long = "fault", value_name = "RULE")]
    pub(crate) faults: Vec<String>,
    /// A deployment that is there from the start
    #[arg(long = "deployment", value_name = "ID[:ENVIRONMENT]")]
    pub(crate) deployments: Vec<String>,
    /// A workflow run that is there from the start, such as `7:in_progress` or `7:success`
    #[arg(long = "run", value_name = "ID[/ATTEMPT]:STATE")]
    pub(crate) runs: Vec<String>,
    /// A pull request that is there from the start: `open`, `closed` or `merged`
    #[arg(long = "pull", value_name = "NUMBER:SHA[:STATE]")]
    pub(crate) pull_requests: Vec<String>,
    /// Date everything that is created back by this long, such as `7h`
    #[arg(long, value_name = "DURATION", allow_negative_numbers = true)]
    pub(crate) age: Option<String>,
    /// How many requests may be made in an hour, or in another time [default: 5000/1h]
    #[arg(long, value_name = "REQUESTS[/DURATION]")]
    pub(crate) rate_limit: Option<String>,
}

/// The grammar of `--fault`; `sandbox` reads it.
pub(super) const FAULTS_HELP: &str = "\
Faults: --fault 'WHEN: WHAT', in order; the first that fits a request applies.

WHEN  [skip N] [next [N] | every] request|get|post|delete [to GROUP]
GROUP deployments, statuses, environments, runs, pulls or app
WHAT  one or more, with commas between:
  CODE                    answer so, and do nothing: 202, 4xx, 5xx (502 is an HTML page)
    retry-after D           with Retry-After; `retry-at D` gives it as a date
    reset D                 with X-RateLimit-Remaining: 0 and X-RateLimit-Reset
    secondary | sso | ip    the secondary limit, single sign-on, the IP allow list
  301|302|307|308         redirect to /repositories/ID; `to URL`: elsewhere; `loop`: to itself
  drop | hang             close the connection, or keep it open, without an answer
  commit                  do what was asked all the same, before what else is said
  delay D                 wait, then go on; nothing is done if the client disconnects first
  late D                  do it D later, even if the client has disconnected, then answer;
                          with CODE, drop or hang that comes at once
  truncate | html | empty | wrong-type     do it, but corrupt the body of the answer
  trickle D               do it, and send the body slowly, over that time
  lag D                   lists do not show what is younger
  link URL                Link: rel=\"next\" points to another origin
  waiting                 the list of statuses ends in the state `waiting`
  expire D                an installation token lives that long

Permissions: `read` reads everything, `deployments` reads and writes deployments and nothing else,
`write` reads everything and writes deployments, `admin` deletes environments too.

Every GET has an ETag; a GET with If-None-Match may be answered 304, which costs no rate limit.

The header `X-Sandbox` prepares and inspects the state, with commas between:
  aside                   no fault, permission or rate limit applies; it is marked in the log
  age D                   what this request creates was created that long ago, whatever --age says
  creator LOGIN           who created it; `NAME[bot]` is an App
With `X-Sandbox: aside`, PUT /repos/O/R/actions/runs/ID {\"state\": STATE, \"attempt\": N} and
PUT /repos/O/R/pulls/N {\"sha\": SHA, \"state\": STATE} set what GET answers from then on.";

pub(super) const SANDBOX_EXAMPLES: &str = "\
Examples:
  --fault 'next 2 posts: 502'
  --fault 'skip 1 post: commit, drop'
  --fault 'next post to statuses: 429 retry-after 1'
  --fault 'next post: late 3s' --fault 'every get: lag 2s'
  --fault 'skip 20 delete to deployments: 403 secondary' --grant t:deployments";
