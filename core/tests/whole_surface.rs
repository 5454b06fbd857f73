//! What older apps call, and what a session is besides its states: sessions without a store, records, identity.
#![allow(deprecated, reason = "these are the tests of what is deprecated")]
#![allow(clippy::unwrap_used, reason = "what helpers of a test cannot do fails the test")]

mod common;

use common::*;
use paceline::*;
use std::collections::HashSet;

#[test]
fn a_session_without_a_store_is_started_by_one() {
    let rig = Rig::new();
    let session =
        WorkoutSession::with_activity(WorkoutActivityType::Cycling, WorkoutSessionLocationType::Outdoor);
    assert_eq!(session.activity_type(), WorkoutActivityType::Cycling);
    assert_eq!(session.location_type(), WorkoutSessionLocationType::Outdoor);
    assert_eq!(code(session.pause()), Err(ErrorCode::InvalidArgument));
    assert_eq!(code(session.start_activity(None)), Err(ErrorCode::InvalidArgument));
    assert_eq!(code(rig.store.pause(&session)), Err(ErrorCode::InvalidArgument));
    assert_eq!(code(rig.store.end(&session)), Err(ErrorCode::InvalidArgument));
    assert_eq!(session.state(), WorkoutSessionState::NotStarted);

    session
        .set_delegate(Some(std::sync::Arc::new(Recorder { name: "", transcript: rig.transcript.clone() })));
    rig.store.start(&session).unwrap();
    assert_eq!(rig.heard(), ["S notStarted -> running 0"]);
    assert_eq!(code(rig.store.start(&session)), Err(ErrorCode::InvalidArgument));
    rig.wait(5);
    rig.store.pause(&session).unwrap();
    rig.wait(5);
    rig.store.resume_workout_session(&session).unwrap();
    rig.wait(5);
    rig.store.end(&session).unwrap();
    assert_eq!(
        rig.heard(),
        [
            "S running -> paused 5000",
            "S event pause 5000 5000",
            "S paused -> running 10000",
            "S event resume 10000 10000",
            "S running -> ended 15000",
        ]
    );
    assert_eq!(code(session.associated_workout_builder()), Err(ErrorCode::InvalidArgument));
}

#[test]
fn a_session_belongs_to_one_store() {
    let (rig, other) = (Rig::new(), Rig::new());
    let session = rig.session(WorkoutActivityType::Running);
    assert_eq!(code(other.store.start(&session)), Err(ErrorCode::InvalidArgument));
    rig.store.start(&session).unwrap();
    for call in [HealthStore::pause, HealthStore::resume_workout_session, HealthStore::end] {
        assert_eq!(code(call(&other.store, &session)), Err(ErrorCode::InvalidArgument));
    }
    let orphan = WorkoutSession::with_configuration(of(WorkoutActivityType::UnderwaterDiving)).unwrap();
    assert_eq!(code(rig.store.start(&orphan)), Err(ErrorCode::WorkoutActivityNotAllowed));
    // Refused by one device, it may still be started on another.
    let allowing = HealthStore::open(StoreOptions::new().clock(&rig.clock)).unwrap();
    allowing.start(&orphan).unwrap();
    assert_eq!(orphan.state(), WorkoutSessionState::Running);
}

#[test]
fn a_configuration_is_checked_without_a_store_too() {
    let mut swim = of(WorkoutActivityType::Swimming).in_pool(Quantity::new(25.0, MeasureUnit::meter()));
    swim.swimming_location_type = WorkoutSwimmingLocationType::OpenWater;
    assert_eq!(code(WorkoutSession::with_configuration(swim)), Err(ErrorCode::InvalidArgument));
}

#[test]
fn identity_decides_equality_and_hash() {
    let rig = Rig::new();
    let session = rig.session(WorkoutActivityType::Running);
    let again = session.associated_workout_builder().unwrap().workout_session();
    let other = rig.session(WorkoutActivityType::Running);
    assert_eq!(session, again);
    assert_ne!(session, other);
    assert_eq!(HashSet::from([session.clone(), again, other]).len(), 2);
    session.prepare().unwrap();
    assert_eq!(session.to_string(), format!("<WorkoutSession {} prepared [Primary]>", session.id()));
}

#[test]
fn a_record_reads_back_and_does_not_follow_its_session() {
    let rig = Rig::new();
    let pool = of(WorkoutActivityType::Swimming).in_pool(Quantity::new(25.0, MeasureUnit::meter()));
    let session = WorkoutSession::new(&rig.store, pool.clone()).unwrap();
    session.start_activity(None).unwrap();
    let record = session.record();
    rig.wait(3);
    session.end().unwrap();
    assert_eq!(WorkoutSessionRecord::from_json(&record.to_json()), Ok(record.clone()));
    assert_eq!((record.state, record.end_date), (WorkoutSessionState::Running, None));
    assert_eq!((record.start_date, record.configuration), (Some(at(0)), pool));
    assert_eq!(
        (session.record().state, session.record().end_date),
        (WorkoutSessionState::Ended, Some(at(3)))
    );

    let ended = session.record().to_json();
    assert!(ended.contains(r#""state":3"#), "{ended}");
    for broken in ["", "{}", "null", r#"{"id":"x"}"#, &ended.replace(r#""state":3"#, r#""state":0"#)] {
        let refused = WorkoutSessionRecord::from_json(broken).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InputMalformed, "{broken}");
    }
}
