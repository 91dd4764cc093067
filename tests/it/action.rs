//! The action under act, on this host, on a `deployment` event, against the sandbox.
//! act exports every input to the steps, which the real runner does not: what `action.yml` hands
//! on is the matter of `contract.rs`.

mod act;

use expect_test::expect;

use act::Scene;

#[test]
fn a_deploy_that_succeeds_is_posted_with_its_url_and_its_outputs() {
    let Some(scene) = Scene::new() else { return };

    let job = scene.deploy(
        r#"
          run: |
            echo "name=preview-7" >>"$GITHUB_OUTPUT"
            echo "Deployed to https://preview-7.example.com"
        "#,
    );

    job.check(&expect![[r#"
        job succeeded
        --- posted
        pending (-)
        success (https://preview-7.example.com)
        --- outputs
        deployment-id: 42
        exit-code: 0
        outputs.name: preview-7
        state: success
        url: https://preview-7.example.com
    "#]]);
}

#[test]
fn a_deploy_that_fails_fails_the_job_with_its_exit_code() {
    let Some(scene) = Scene::new() else { return };

    let job = scene.deploy("run: exit 3");

    job.check(&expect![[r#"
        job failed
        --- posted
        pending (-)
        failure (-)
        --- outputs
        deployment-id: 42
        exit-code: 3
        outputs.name: null
        state: failure
        url: 
    "#]]);
    assert!(job.said("exit status 3"));
}

#[test]
fn a_bad_input_fails_the_job_before_anything_is_posted() {
    let Some(scene) = Scene::new() else { return };

    let job = scene.deploy("{ run: echo deployed, timeout: soon, initial-state: begun }");

    job.check(&expect![[r#"
        job failed
        --- posted
        --- outputs
        deployment-id: 
        exit-code: 
        outputs.name: null
        state: 
        url: 
    "#]]);
    assert!(job.said("exit status 125"));
    assert!(job.said("`soon`") && job.said("`begun`"), "both are named");
}

#[test]
fn blank_inputs_are_absent() {
    let Some(scene) = Scene::new() else { return };

    let job = scene.deploy(
        "{ run: 'true', deployment-id: '', environment: ' ', initial-state: '', timeout: '' }",
    );

    job.check(&expect![[r#"
        job succeeded
        --- posted
        pending (-)
        success (-)
        --- outputs
        deployment-id: 42
        exit-code: 0
        outputs.name: null
        state: success
        url: 
    "#]]);
}

#[test]
fn what_a_killed_run_left_open_is_closed() {
    let Some(scene) = Scene::new() else { return };

    let job = scene.deploy("run: kill -KILL $PPID");

    assert_eq!(job.posted, ["pending (-)", "GET", "error (-)"]);
    assert!(!job.succeeded);
}

#[test]
fn the_command_sees_no_input_and_nothing_of_the_action() {
    let Some(scene) = Scene::new() else { return };

    let job = scene.deploy("run: env | sed -n 's/^\\(INPUT_[A-Z]*\\|.*_PROGRAM\\)=.*/seen \\1/p'");

    assert!(job.succeeded);
    assert!(!job.said("seen "), "{}", job.log);
}
