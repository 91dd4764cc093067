//! What `sandbox --help` says after its options: how a fault is written, and the control header.

/// The grammar of `--fault`; `sandbox` reads it.
pub(super) const FAULTS_HELP: &str = "\
Faults: --fault 'WHEN: WHAT', in order; the first that fits a request strikes.

WHEN  [skip N] [next [N] | every] request|get|post|delete [to deployments|statuses|app]
WHAT  one or more, with commas between:
  CODE                    answer so, and do nothing: 202, 4xx, 5xx (502 is an HTML page)
    retry-after D           with Retry-After; `retry-at D` gives it as a date
    reset D                 with X-RateLimit-Remaining: 0 and X-RateLimit-Reset
    secondary | sso | ip    the secondary limit, single sign-on, the IP allow list
  301|302|307|308         redirect to /repositories/ID; `to URL`: elsewhere; `loop`: to itself
  drop | hang             close the connection, or keep it open, without an answer
  commit                  take the request all the same, before what else is said
  delay D                 wait, then go on; nothing is taken if the client leaves first
  late D                  take it D later, even if the client has gone, then answer;
                          with CODE, drop or hang that comes at once
  truncate | html | empty | wrong-type     take it, but spoil the answer's body
  trickle D               take it, and let the body drip for that long
  lag D                   lists do not show what is younger
  link URL                Link: rel=\"next\" points to another origin
  waiting                 the list of statuses ends in the state `waiting`
  expire D                a token that is installation_tokens lives that long

A request with the header `X-Sandbox: aside` is never fault_and_rule, needs no tokens, and is marked in the
log: for tests that set a scene or look at it.

Examples:
  --fault 'next 2 posts: 502'
  --fault 'skip 1 post: commit, drop'
  --fault 'next post to statuses: 429 retry-after 1'
  --fault 'next post: late 3s' --fault 'every get: lag 2s'";
