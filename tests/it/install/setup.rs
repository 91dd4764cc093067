//! A runner with a release of the action, and what the script leaves on it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use expect_test::Expect;
use tempfile::TempDir;

use super::releases::Releases;

pub(super) const PROGRAM: &[u8] = b"#!/bin/sh\necho the program\n";

/// What every system and every container has.
const NEEDED: [&str; 17] = [
    "awk", "chmod", "cp", "cut", "dirname", "grep", "head", "mkdir", "mktemp", "mv", "od", "rm",
    "sed", "sh", "sleep", "tr", "uname",
];

/// A runner with a release of the action, whose table knows [`PROGRAM`] for Linux on x86-64.
pub(super) struct Setup {
    directory: TempDir,
    pub(super) releases: Releases,
}

const OURS: &str = "the temporary directory is ours";
pub(super) const ASSET: &str = "deployment-status-0.1.0-x86_64-unknown-linux-musl";

impl Setup {
    pub(super) fn new(releases: Releases) -> Self {
        let setup = Self { directory: TempDir::new().expect(OURS), releases };
        let action = setup.path("action/.github/action");
        for folder in [&action, &setup.path("temp"), &setup.path("cache")] {
            fs::create_dir_all(folder).expect(OURS);
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let script = ".github/action/install.sh";
        fs::copy(root.join(script), setup.path("action").join(script)).expect(OURS);
        let manifest = "version = \"0.1.0\"\nrepository = \"https://github.com/deployment-status/deployment-status\"\n";
        fs::write(setup.path("action/Cargo.toml"), manifest).expect(OURS);
        let table = format!("{}  {ASSET}\n", sha256(PROGRAM));
        fs::write(action.join("SHA256SUMS"), table).expect(OURS);
        setup
    }

    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.directory.path().join(inside)
    }

    pub(super) fn cached(&self) -> PathBuf {
        self.path("cache/deployment-status/0.1.0/x64").join(ASSET)
    }

    pub(super) fn install(&self, variables: &[(&str, &str)]) -> Installed {
        let outputs = self.path("outputs");
        fs::write(&outputs, "").expect(OURS);
        let ran = Command::new("sh")
            .arg(self.path("action/.github/action/install.sh"))
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("GITHUB_OUTPUT", &outputs)
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("RUNNER_TEMP", self.path("temp"))
            .env("RUNNER_TOOL_CACHE", self.path("cache"))
            .env("DEPLOYMENT_STATUS_RELEASES", self.releases.url())
            .envs(variables.iter().copied())
            .output()
            .expect("there is a shell");
        let outputs = fs::read_to_string(outputs).expect(OURS);
        let program = outputs.lines().find_map(|line| line.strip_prefix("bin="));
        let program = program.map(PathBuf::from);
        Installed { code: ran.status.code(), said: self.said(&ran), program, outputs }
    }

    /// With an empty tool cache.
    pub(super) fn install_afresh(&self, variables: &[(&str, &str)]) -> Installed {
        fs::remove_dir_all(self.path("cache")).expect(OURS);
        self.install(variables)
    }

    /// A `PATH` with these programs alone, and those that the script cannot do without.
    /// `wget=busybox` is one under the name of another.
    pub(super) fn path_with(&self, programs: &[&str]) -> String {
        let folder = TempDir::new_in(self.directory.path()).expect(OURS).keep();
        for program in NEEDED.iter().chain(programs) {
            let (name, program) = program.split_once('=').unwrap_or((program, program));
            let found = ["/usr/local/bin", "/usr/bin", "/bin"].map(|f| Path::new(f).join(program));
            let found = found.iter().find(|path| path.exists());
            let found = found.unwrap_or_else(|| panic!("there is no {program} here"));
            symlink(found, folder.join(name)).expect(OURS);
        }
        folder.to_string_lossy().into_owned()
    }

    /// stdout, then stderr, without what differs between runs.
    fn said(&self, ran: &Output) -> String {
        let text = [&ran.stdout[..], &ran.stderr[..]].concat();
        let evil = sha256(b"#!/bin/sh\necho evil\n");
        String::from_utf8_lossy(&text)
            .replace(&self.releases.url(), "http://RELEASES")
            .replace(&*self.path("cache").to_string_lossy(), "CACHE")
            .replace(ASSET, "ASSET")
            .replace(&evil, &evil[..8])
            .replace(&sha256(PROGRAM), &sha256(PROGRAM)[..8])
    }
}

pub(super) struct Installed {
    pub(super) code: Option<i32>,
    pub(super) said: String,
    pub(super) program: Option<PathBuf>,
    outputs: String,
}

impl Installed {
    pub(super) fn output(&self, name: &str) -> &str {
        let line = self.outputs.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.unwrap_or_else(|| panic!("there is no output `{name}`"))
    }

    #[track_caller]
    pub(super) fn check(&self, expected: &Expect) {
        let code = self.code.expect("no signal ends the script");
        expected.assert_eq(&format!("exit code: {code}\n{}", self.said));
    }
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let hex = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    hex.collect::<Vec<_>>().concat()
}
