//! A repository that is about to be released, and the scripts that do it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::executable;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.github/release");
const STAND_IN: &str = include_str!("gh.sh");
const OURS: &str = "the temporary directory is ours";

pub(super) struct Repository {
    directory: TempDir,
    version: &'static str,
}

impl Repository {
    /// On `main`, with this version everywhere and its assets in `dist/`.
    pub(super) fn of(version: &'static str) -> Self {
        let repository = Self { directory: TempDir::new().expect(OURS), version };
        for folder in ["bin", "source/dist", "state/refs", "state/tables", "state/workflows"] {
            fs::create_dir_all(repository.path(folder)).expect(OURS);
        }
        fs::create_dir(repository.path("state/releases")).expect(OURS);
        repository.program("gh", STAND_IN);
        repository.program("sleep", "#!/bin/sh\n");
        repository.write("workflows/dispatched", "same");
        repository.write("workflows/main", "same");
        let manifest =
            format!("version = \"{version}\"\nrepository = \"https://github.com/octo/app\"\n");
        repository.write_source("Cargo.toml", &manifest);
        repository.write_source("CHANGELOG.md", &format!("## {version}\n"));
        repository.write_source("README.md", "uses: octo/deployment-status@v1\n");
        repository.build("first");
        repository
    }

    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.directory.path().join(inside)
    }

    /// A file of GitHub's side.
    pub(super) fn write(&self, file: &str, text: &str) {
        fs::write(self.path("state").join(file), text).expect(OURS);
    }

    pub(super) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path("state").join(file)).unwrap_or_default()
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.path("state").join(file).exists()
    }

    pub(super) fn remove(&self, folder: &str) {
        fs::remove_dir_all(self.path("state").join(folder)).expect(OURS);
    }

    pub(super) fn write_source(&self, file: &str, text: &str) {
        fs::write(self.path("source").join(file), text).expect(OURS);
    }

    /// A release that was published before.
    pub(super) fn release(&self, tag: &str) {
        fs::create_dir_all(self.path("state/releases").join(tag)).expect(OURS);
        self.write(&format!("refs/{tag}"), &format!("commit-of-{tag}"));
    }

    fn build(&self, what: &str) {
        let script = format!("printf {what} >program && sha256sum program >SHA256SUMS");
        let mut shell = Command::new("sh");
        let built = shell.args(["-c", &script]).current_dir(self.path("source/dist"));
        assert!(built.status().expect("there is a shell").success());
    }

    pub(super) fn build_other_assets(&self) {
        self.build("second");
    }

    pub(super) fn damage_asset(&self) {
        self.write_source("dist/program", "damaged");
    }

    pub(super) fn lose_assets(&self) {
        fs::remove_dir_all(self.path("source/dist")).expect(OURS);
    }

    pub(super) fn table(&self) -> String {
        fs::read_to_string(self.path("source/dist/SHA256SUMS")).expect("it was built")
    }

    pub(super) fn table_of(&self, commit: &str) -> String {
        self.read(&format!("tables/{commit}"))
    }

    pub(super) fn tag(&self, name: &str) -> String {
        self.read(&format!("refs/{name}")).trim_end().to_owned()
    }

    pub(super) fn calls(&self) -> Vec<String> {
        self.read("calls").lines().map(str::to_owned).collect()
    }

    /// Which call of a release that goes well is the first of this kind.
    pub(super) fn number_of_call(&self, kind: &str) -> usize {
        let whole = Self::of(self.version);
        whole.publish().expect("it is published");
        let position = whole.calls().iter().position(|call| call.starts_with(kind));
        position.expect("there is such a call") + 1
    }

    /// The stage.
    pub(super) fn plan(&self) -> String {
        let ran = self.run("plan.sh", &[]);
        output(&self.outputs(), "stage").unwrap_or_else(|| panic!("{}", said(&ran)))
    }

    pub(super) fn plan_refused(&self) -> String {
        let ran = self.run("plan.sh", &[]);
        assert_eq!(ran.status.code(), Some(1), "{}", said(&ran));
        said(&ran)
    }

    /// The commit, or what was said instead.
    pub(super) fn publish(&self) -> Result<String, String> {
        let ran = self.run("publish.sh", &[]);
        let commit = output(&self.outputs(), "commit").filter(|_| ran.status.success());
        commit.ok_or_else(|| said(&ran))
    }

    pub(super) fn move_major(&self, commit: &str) {
        let ran = self.run("move-major.sh", &[("COMMIT", commit)]);
        assert!(ran.status.success(), "{}", said(&ran));
    }

    pub(super) fn image_tags(&self, suffix: &str) -> Vec<String> {
        let ran = self.run("image-tags.sh", &[("SUFFIX", suffix)]);
        assert!(ran.status.success(), "{}", said(&ran));
        String::from_utf8_lossy(&ran.stdout).lines().map(str::to_owned).collect()
    }

    /// By the word of an index that answers so.
    pub(super) fn crate_is_published(&self, answer: &str) -> Option<String> {
        self.program("curl", &format!("#!/bin/sh\ncat <<'EOF'\n{answer}\nEOF\n"));
        self.run("crate-is-published.sh", &[]);
        output(&self.outputs(), "published")
    }

    fn program(&self, name: &str, body: &str) {
        executable::write(&self.path("bin").join(name), body);
    }

    fn outputs(&self) -> String {
        fs::read_to_string(self.path("outputs")).unwrap_or_default()
    }

    fn run(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        fs::write(self.path("outputs"), "").expect(OURS);
        Command::new(Path::new(SCRIPTS).join(script))
            .current_dir(self.path("source"))
            .env_clear()
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", self.path("bin").display()))
            .env("STATE", self.path("state"))
            .env("VERSION", self.version)
            .env("GH_REPO", "octo/app")
            .env("GITHUB_REPOSITORY", "octo/app")
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_REF", "refs/heads/main")
            .env("GITHUB_REF_NAME", "main")
            .env("GITHUB_SHA", "dispatched")
            .env("GITHUB_OUTPUT", self.path("outputs"))
            .envs(variables.iter().copied())
            .output()
            .expect("the script can be started")
    }
}

fn output(outputs: &str, name: &str) -> Option<String> {
    let value = outputs.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    value.map(str::to_owned)
}

fn said(ran: &Output) -> String {
    String::from_utf8_lossy(&[&ran.stdout[..], &ran.stderr[..]].concat()).into_owned()
}
