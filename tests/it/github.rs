//! The setup: a sandbox as a child process, and a look at what it holds.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// The repository that a setup plays in, unless a test says otherwise.
pub(crate) const REPOSITORY: &str = "octo/app";

/// Whatever takes longer than this does not come.
const PATIENCE: Duration = Duration::from_mins(1);

/// A GitHub that loses everything when it is dropped.
pub(crate) struct FakeGithub {
    child: Child,
    url: String,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    grew: Condvar,
}

/// What a client asked for, as the log has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) is_authorized: bool,
    /// A code, `dropped`, or `later` for an answer that lets itself be waited for.
    pub(crate) answered: String,
    /// Null if there was none.
    pub(crate) body: Value,
}

/// A status as GitHub holds it; what is unset is empty.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct Status {
    pub(crate) id: u64,
    pub(crate) state: String,
    pub(crate) description: String,
    pub(crate) environment: String,
    pub(crate) environment_url: String,
    pub(crate) target_url: String,
}

/// What came back over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl FakeGithub {
    /// Starts `deployment-status sandbox` with these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
            .arg("sandbox")
            .args(arguments)
            .env_clear()
            .envs(crate::step::system_variables())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary under test can be run");
        let log = Arc::new(Log::default());
        let stderr = child.stderr.take().expect("stderr is a pipe");
        let followed = Arc::clone(&log);
        thread::spawn(move || followed.follow(stderr));
        let stdout = child.stdout.take().expect("stdout is a pipe");
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url).expect("the first line is the URL");
        assert!(url.starts_with("http://"), "{arguments:?}: {:?}", log.text());
        Self { child, url: url.trim_end().to_owned(), log }
    }

    /// For `GITHUB_API_URL`: no slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    #[cfg(unix)]
    pub(crate) fn process(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Makes a deployment of `main`, with no fault in the way.
    pub(crate) fn deployment(&self, environment: &str) -> u64 {
        self.deployment_of(&json!({"ref": "main", "environment": environment}))
    }

    /// Makes a deployment from a whole request body.
    pub(crate) fn deployment_of(&self, body: &Value) -> u64 {
        let made = self.aside("POST", &repository_path("/deployments"), Some(body)).json();
        made["id"].as_u64().unwrap_or_else(|| panic!("no deployment was made: {made}"))
    }

    /// Posts a status from a whole request body, with no fault in the way.
    pub(crate) fn post_status(&self, deployment: u64, body: &Value) {
        let answer = self.aside("POST", &statuses_path(deployment), Some(body));
        assert_eq!(answer.status, 201, "{}", answer.body);
    }

    /// What the deployment's statuses are, oldest first.
    pub(crate) fn statuses(&self, deployment: u64) -> Vec<Status> {
        let path = format!("{}?per_page=100", statuses_path(deployment));
        let listed = self.aside("GET", &path, None).json();
        let mut statuses: Vec<Status> =
            serde_json::from_value(listed).expect("a list holds statuses");
        statuses.reverse();
        statuses
    }

    /// The states alone, oldest first.
    pub(crate) fn states(&self, deployment: u64) -> Vec<String> {
        self.statuses(deployment).into_iter().map(|status| status.state).collect()
    }

    /// Every deployment of the repository (the newest 100), oldest first.
    pub(crate) fn deployments(&self) -> Vec<Value> {
        let path = repository_path("/deployments?per_page=100");
        let Value::Array(mut deployments) = self.aside("GET", &path, None).json() else {
            panic!("a list is an array");
        };
        deployments.reverse();
        deployments
    }

    /// What clients asked for so far, in order, without the setup's own requests.
    pub(crate) fn requests(&self) -> Vec<Request> {
        // The log is complete up to here once this request is seen in it.
        let marker = format!("/{}", fastrand::u64(..));
        self.aside("GET", &marker, None);
        let seen = format!("GET {marker} ");
        let lines = self.log.wait_for(|lines| lines.iter().any(|line| line.starts_with(&seen)));
        lines.iter().filter_map(|line| Request::read(line)).collect()
    }

    /// Waits until a client has made this many requests.
    pub(crate) fn wait_for_requests(&self, count: usize) -> Vec<Request> {
        let read = |lines: &[String]| -> Vec<Request> {
            lines.iter().filter_map(|line| Request::read(line)).collect()
        };
        read(&self.log.wait_for(|lines| read(lines).len() >= count))
    }

    /// Waits until a deployment's states are these, oldest first.
    pub(crate) fn wait_for_states(&self, deployment: u64, expected: &[&str]) {
        self.wait_until(deployment, |states| states == expected);
    }

    /// Waits until a deployment's states, oldest first, are as described.
    pub(crate) fn wait_until(&self, deployment: u64, is_so: impl Fn(&[String]) -> bool) {
        let start = std::time::Instant::now();
        while !is_so(&self.states(deployment)) {
            assert!(start.elapsed() < PATIENCE, "{:?}", self.states(deployment));
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn log(&self) -> String {
        self.log.text()
    }

    /// Asks as a client does, with a token; faults strike it.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[("Authorization", "Bearer t0ken")], None)
            .expect("the sandbox answers")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        let authorization = [("Authorization", "Bearer t0ken")];
        self.send("POST", path, &authorization, Some(&body.to_string()))
            .expect("the sandbox answers")
    }

    /// Asks with no fault in the way, whatever was granted to whom.
    pub(crate) fn aside(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(ToString::to_string);
        self.send(method, path, &[("X-Sandbox", "aside")], body.as_deref())
            .expect("nothing goes wrong aside")
    }

    /// Sends one request on a connection of its own. A body that breaks off is an error.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> io::Result<Answer> {
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let body = body.unwrap_or_default();
        let length = body.len().to_string();
        let own = [("Host", address), ("Connection", "close"), ("Content-Length", &length)];
        let fields = own.iter().chain(headers).map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!("{method} {path} HTTP/1.1\r\n{}", fields.collect::<Vec<_>>().concat());
        stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Answer::read(&answer).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl Drop for FakeGithub {
    fn drop(&mut self) {
        // It may have been stopped by the test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Log {
    fn follow(&self, stderr: ChildStderr) {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            self.lines.lock().expect("nobody panics with it").push(line);
            self.grew.notify_all();
        }
    }

    fn text(&self) -> String {
        self.lines.lock().expect("nobody panics with it").join("\n")
    }

    fn wait_for(&self, is_enough: impl Fn(&[String]) -> bool) -> Vec<String> {
        let lines = self.lines.lock().expect("nobody panics with it");
        let (lines, wait) = self
            .grew
            .wait_timeout_while(lines, PATIENCE, |lines| !is_enough(lines))
            .expect("nobody panics with it");
        assert!(!wait.timed_out(), "the log stays short: {lines:#?}");
        lines.clone()
    }
}

impl Request {
    /// None for what is no request, and for the setup's own.
    fn read(line: &str) -> Option<Self> {
        let (head, tail) = line.split_once(" -> ")?;
        let mut words = head.splitn(3, ' ');
        let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
        let marks = words.next().unwrap_or_default();
        let body = tail.find(" {").and_then(|start| serde_json::from_str(&tail[start..]).ok());
        (!marks.contains("(aside)")).then(|| Self {
            method,
            path,
            is_authorized: marks.contains("(authorization: ***)"),
            answered: tail.split(' ').next().unwrap_or_default().to_owned(),
            body: body.unwrap_or_default(),
        })
    }
}

impl Answer {
    fn read(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let answer = Self {
            status: head.split(' ').nth(1)?.parse().ok()?,
            head: head.to_owned(),
            body: body.to_owned(),
        };
        let promised = answer.header("content-length").and_then(|length| length.parse().ok());
        promised.is_none_or(|promised: usize| promised == body.len()).then_some(answer)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {self:?}"))
    }
}

/// A path below the setup's repository.
pub(crate) fn repository_path(rest: &str) -> String {
    format!("/repos/{REPOSITORY}{rest}")
}

pub(crate) fn statuses_path(deployment: u64) -> String {
    repository_path(&format!("/deployments/{deployment}/statuses"))
}
