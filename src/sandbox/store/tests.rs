//! What the store does when things are created and deleted.

use super::*;

const STAGING: &str = "staging";

fn name() -> RepositoryName {
    RepositoryName::Slug { owner: "octo".to_owned(), name: "app".to_owned() }
}

fn deploy(store: &mut Store, environment: &str) -> u64 {
    let params = DeploymentParams::defaults("main", environment, Value::Null);
    store
        .create_deployment(&name(), params, &Control::default())
        .expect("a name makes a repository")
        .1
        .id
}

fn post(store: &mut Store, id: u64, state: State) {
    let params = StatusParams::with_state(state);
    store.create_status(&name(), id, params, &Control::default()).expect("the deployment is there");
}

fn states(store: &mut Store, id: u64) -> Vec<State> {
    let repository = store.repository(&name()).expect("a name makes a repository");
    let deployment = repository.deployment(id).expect("the deployment is there");
    deployment.statuses.iter().map(|status| status.state).collect()
}

#[test]
fn a_success_takes_earlier_successes_of_its_environment_out_of_service() {
    let mut store = Store::new(Contents::default());
    let [old, failed, elsewhere, new] =
        [STAGING, STAGING, "qa", STAGING].map(|environment| deploy(&mut store, environment));
    post(&mut store, old, State::Success);
    post(&mut store, failed, State::Failure);
    post(&mut store, elsewhere, State::Success);

    post(&mut store, new, State::Success);

    assert_eq!(states(&mut store, old), [State::Success, State::Inactive]);
    assert_eq!(states(&mut store, failed), [State::Failure]);
    assert_eq!(states(&mut store, elsewhere), [State::Success]);
    assert_eq!(states(&mut store, new), [State::Success]);
}

#[test]
fn production_deployments_stay_in_service() {
    let mut store = Store::new(Contents::default());
    let [old, new] = ["production"; 2].map(|environment| deploy(&mut store, environment));
    post(&mut store, old, State::Success);
    post(&mut store, new, State::Success);
    assert_eq!(states(&mut store, old), [State::Success]);
}

#[test]
fn a_repository_is_the_same_in_any_case_and_by_its_id() {
    let mut store = Store::new(Contents::default());
    let id = deploy(&mut store, STAGING);
    let loud = RepositoryName::Slug { owner: "OCTO".to_owned(), name: "App".to_owned() };
    let repository = store.repository(&loud).expect("a name makes a repository");
    assert!(repository.deployment(id).is_some());
    let by_id = RepositoryName::Id(repository.id);
    assert!(store.repository(&by_id).is_some());
    assert!(store.repository(&RepositoryName::Id(1)).is_none());
}
