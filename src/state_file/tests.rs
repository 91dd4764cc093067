//! What a state file keeps, and which are ours.

use super::*;
use crate::ci::Kind;

fn state_dir(directory: &Path) -> StateDir {
    StateDir::of(Some(directory), Path::new("/nowhere"), &Ci::default(), None)
}

fn record() -> RunRecord {
    RunRecord {
        deployment: DeploymentId::parse("42").unwrap(),
        process: ProcessId::ours(),
        url_file: None,
    }
}

#[test]
fn a_run_that_is_not_closed_is_found_with_its_record() {
    let directory = tempfile::tempdir().unwrap();
    let state_dir = state_dir(directory.path());
    assert!(!state_dir.has_any());

    let file = state_dir.open(&record()).unwrap();

    let open = state_dir.all();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].deployment, &open[0].process), (record().deployment, &record().process));
    assert_eq!(open[0].outcome, None);
    file.close();
    assert!(!state_dir.has_any());
}

#[test]
fn a_job_does_not_find_what_belongs_to_one_whose_name_begins_alike() {
    let temp = tempfile::tempdir().unwrap();
    let state_dir = |job: &str| {
        let ci = Ci { kind: Some(Kind::AppVeyor), job_name: job.to_owned(), ..Ci::default() };
        StateDir::of(None, temp.path(), &ci, None)
    };
    let docs = state_dir("deploy-docs").open(&record()).unwrap();

    assert!(!state_dir("deploy").has_any());
    assert!(state_dir("deploy-docs").has_any());
    docs.close();
}

#[test]
fn a_torn_outcome_does_not_cost_the_record() {
    let directory = tempfile::tempdir().unwrap();
    let state_dir = state_dir(directory.path());
    let mut file = state_dir.open(&record()).unwrap();
    file.file.write_all(br#"{"state":"succ"#).unwrap();

    let open = state_dir.all();
    assert_eq!((open[0].deployment, open[0].outcome.clone()), (record().deployment, None));
}

#[cfg(unix)]
#[test]
fn a_link_and_a_file_that_others_can_write_are_not_ours() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let directory = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("target");
    drop(state_dir(directory.path()).open(&record()).unwrap());
    let written = state_dir(directory.path()).paths().pop().unwrap();
    fs::rename(written, &target).unwrap();
    symlink(&target, directory.path().join("deployment-status-1.open")).unwrap();
    let open_to_all = directory.path().join("deployment-status-2.open");
    fs::copy(&target, &open_to_all).unwrap();
    fs::set_permissions(&open_to_all, fs::Permissions::from_mode(0o666)).unwrap();

    assert!(state_dir(directory.path()).all().is_empty());
}
