//! The install script, run as the action's step runs it, with releases on loopback.

mod releases;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use expect_test::{Expect, expect};
use tempfile::TempDir;

use releases::Releases;

const PROGRAM: &[u8] = b"#!/bin/sh\necho the program\n";

#[test]
fn a_release_is_downloaded_checked_and_kept_in_the_tool_cache() {
    let scene = Scene::new(Releases::serving(PROGRAM));

    let installed = scene.install(&[]);

    installed.check(&expect![[r#"
        exit code: 0
        deployment-status: downloading http://RELEASES/v0.1.0/ASSET
        deployment-status: using version 0.1.0, whose checksum is right
    "#]]);
    let path = installed.program.expect("a program was installed");
    assert!(path.starts_with(scene.path("temp")), "{}", path.display());
    assert_eq!(Command::new(&path).output().unwrap().stdout, b"the program\n");
    assert_eq!(fs::read(scene.cached()).unwrap(), PROGRAM);
}

#[test]
fn a_program_in_the_tool_cache_is_not_downloaded_again() {
    let scene = Scene::new(Releases::serving(PROGRAM));
    scene.install(&[]);

    let installed = scene.install(&[]);

    installed.check(&expect![[r#"
        exit code: 0
        deployment-status: using version 0.1.0, whose checksum is right
    "#]]);
    assert_eq!(scene.releases.requests(), 1);
}

#[test]
fn a_program_that_was_changed_in_the_tool_cache_is_replaced() {
    let scene = Scene::new(Releases::serving(PROGRAM));
    scene.install(&[]);
    fs::write(scene.cached(), "#!/bin/sh\necho evil\n").unwrap();

    let installed = scene.install(&[]);

    installed.check(&expect![[r#"
        exit code: 0
        ::warning title=deployment-status::`CACHE/deployment-status/0.1.0/x64/ASSET` is not what was released as `ASSET`: it is replaced by a fresh download
        deployment-status: downloading http://RELEASES/v0.1.0/ASSET
        deployment-status: using version 0.1.0, whose checksum is right
    "#]]);
    assert_eq!(fs::read(scene.cached()).unwrap(), PROGRAM);
    assert_eq!(fs::read(installed.program.unwrap()).unwrap(), PROGRAM);
}

#[test]
fn a_download_with_another_checksum_is_refused_and_deleted() {
    let scene = Scene::new(Releases::serving(b"#!/bin/sh\necho evil\n"));

    let installed = scene.install(&[]);

    installed.check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::`http://RELEASES/v0.1.0/ASSET` has the SHA-256 371ee1e2, expected 46969b01: it was deleted and nothing was run; the release or the mirror has been changed, or something on the way changes downloads
        deployment-status: downloading http://RELEASES/v0.1.0/ASSET
    "#]]);
    assert!(fs::read_dir(scene.path("temp")).unwrap().next().is_none());
    assert!(!scene.cached().exists());
}

#[test]
fn a_server_that_stumbles_is_asked_again() {
    let scene = Scene::new(Releases::serving(PROGRAM).after("503 Service Unavailable"));

    let installed = scene.install(&[]);

    assert_eq!(installed.code, Some(0), "{}", installed.said);
    assert_eq!(scene.releases.requests(), 2);
}

#[test]
fn an_asset_that_is_not_there_is_not_asked_for_again() {
    let scene = Scene::new(Releases::serving(PROGRAM).after("404 Not Found"));

    let installed = scene.install(&[]);

    assert_eq!(installed.code, Some(1));
    assert!(installed.said.contains("cannot download `http://RELEASES/v0.1.0/ASSET`"));
    assert!(installed.said.contains("DEPLOYMENT_STATUS_RELEASES"), "{}", installed.said);
    assert_eq!(scene.releases.requests(), 1);
}

#[test]
fn a_platform_without_an_asset_is_told_the_ways_out() {
    let scene = Scene::new(Releases::serving(PROGRAM));

    scene.install(&[("RUNNER_ARCH", "ARM")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::there is no release asset for Linux on ARM: build the program with `cargo install deployment-status@0.1.0` and set DEPLOYMENT_STATUS_BIN to its absolute path, or run the job in the image ghcr.io/deployment-status/deployment-status:0.1.0-shell
    "#]]);
}

#[test]
fn a_commit_that_is_no_release_says_so() {
    let scene = Scene::new(Releases::serving(PROGRAM));

    scene.install(&[("RUNNER_ARCH", "ARM64")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::this commit of the action carries no checksum of `deployment-status-0.1.0-aarch64-unknown-linux-musl`, so it is not a release: use a release's tag, or build the program with `cargo build --release` and set DEPLOYMENT_STATUS_BIN to its absolute path
    "#]]);
}

#[test]
fn plain_http_is_for_loopback_and_a_password_is_not_shown() {
    let scene = Scene::new(Releases::serving(PROGRAM));

    let mirror = ("DEPLOYMENT_STATUS_RELEASES", "http://me:secret@mirror.example/releases/");
    scene.install(&[mirror]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::DEPLOYMENT_STATUS_RELEASES makes `http://***@mirror.example/releases/v0.1.0/ASSET`: expected https (or http on loopback, or file)
    "#]]);
}

#[test]
fn a_program_that_is_there_already_wins() {
    let scene = Scene::new(Releases::serving(PROGRAM));

    let installed = scene.install(&[("DEPLOYMENT_STATUS_BIN", "/bin/sh")]);

    installed.check(&expect![[r#"
        exit code: 0
        deployment-status: using `/bin/sh`, which DEPLOYMENT_STATUS_BIN names; its checksum is not checked
    "#]]);
    assert_eq!(installed.program, Some(PathBuf::from("/bin/sh")));
    assert_eq!(scene.releases.requests(), 0);
}

#[test]
fn a_program_is_not_looked_up() {
    let scene = Scene::new(Releases::serving(PROGRAM));

    scene.install(&[("DEPLOYMENT_STATUS_BIN", "sh")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::DEPLOYMENT_STATUS_BIN is `sh`: expected an absolute path
    "#]]);
    scene.install(&[("DEPLOYMENT_STATUS_BIN", "/no/such")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::DEPLOYMENT_STATUS_BIN is `/no/such`: there is no such file
    "#]]);
    scene.install(&[("DEPLOYMENT_STATUS_BIN", "/etc/passwd")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::DEPLOYMENT_STATUS_BIN is `/etc/passwd`: it is not executable, try `chmod +x`
    "#]]);
}

/// A runner with a release of the action, whose table knows [`PROGRAM`] for Linux on x86-64.
struct Scene {
    directory: TempDir,
    releases: Releases,
}

const OURS: &str = "the temporary directory is ours";
const ASSET: &str = "deployment-status-0.1.0-x86_64-unknown-linux-musl";

impl Scene {
    fn new(releases: Releases) -> Self {
        let scene = Self { directory: TempDir::new().expect(OURS), releases };
        let action = scene.path("action/.github/action");
        for folder in [&action, &scene.path("temp"), &scene.path("cache")] {
            fs::create_dir_all(folder).expect(OURS);
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let script = ".github/action/install.sh";
        fs::copy(root.join(script), scene.path("action").join(script)).expect(OURS);
        let manifest = "version = \"0.1.0\"\nrepository = \"https://github.com/deployment-status/deployment-status\"\n";
        fs::write(scene.path("action/Cargo.toml"), manifest).expect(OURS);
        let table = format!("{}  {ASSET}\n", sha256(PROGRAM));
        fs::write(action.join("SHA256SUMS"), table).expect(OURS);
        scene
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.directory.path().join(inside)
    }

    fn cached(&self) -> PathBuf {
        self.path("cache/deployment-status/0.1.0/x64").join(ASSET)
    }

    fn install(&self, variables: &[(&str, &str)]) -> Installed {
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
        let program = fs::read_to_string(outputs).expect(OURS);
        let program = program.strip_prefix("bin=").map(|path| PathBuf::from(path.trim_end()));
        Installed { code: ran.status.code(), said: self.said(&ran), program }
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

struct Installed {
    code: Option<i32>,
    said: String,
    program: Option<PathBuf>,
}

impl Installed {
    fn check(&self, expected: &Expect) {
        let code = self.code.expect("no signal ends the script");
        expected.assert_eq(&format!("exit code: {code}\n{}", self.said));
    }
}

fn sha256(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let hex = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    hex.collect::<Vec<_>>().concat()
}
