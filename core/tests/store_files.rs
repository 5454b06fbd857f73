//! The store file: what comes back, and who shares it.

mod common;

use common::store::*;
use common::*;
use paceline::*;
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;

#[test]
fn everything_reads_back_after_reopening() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let workout = rich_workout(&rig);
    let heart = rig.store.samples(workout.id, QuantityType::HeartRate, None, 1000).unwrap();
    drop(rig);

    let rig = rig_at(&path);
    assert_eq!(rig.store.workouts().unwrap(), std::slice::from_ref(&workout));
    assert_eq!(rig.store.workout_ids().unwrap(), [workout.id]);
    assert_eq!(rig.store.sample_count().unwrap(), 200);
    assert_eq!(rig.store.workout(Uuid::from_u128(1)).unwrap(), None);
    let nobody = rig.store.samples(Uuid::from_u128(1), QuantityType::HeartRate, None, 1);
    assert_eq!(code(nobody), Err(ErrorCode::StoreNotFound));
    // Page by page.
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = rig.store.samples(workout.id, QuantityType::HeartRate, after.as_ref(), 7).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(*last);
        pages.extend(page);
    }
    assert_eq!(pages, heart);
    assert_eq!(heart.len(), 100);
    assert!(pages.iter().all(|sample| sample.id.is_some()));
    assert_eq!((pages[3].value, pages[3].start), (93.1, at(3)));
    assert_eq!(rig.store.samples(workout.id, QuantityType::HeartRate, None, 0).unwrap(), []);
    assert_eq!(workout.events.len(), 4);
    assert_eq!(workout.activities.len(), 2);
    assert_eq!(workout.metadata.len(), 5 + 3);
    assert_eq!(count(&path, "count(*) FROM journal") + count(&path, "count(*) FROM live"), 0);
}

#[test]
fn workouts_come_newest_first() {
    let rig = Rig::new();
    rig.wait(1000);
    let mut ids = Vec::new();
    for start in [300, 100, 200] {
        let session = rig.session(WorkoutActivityType::Running);
        let builder = session.associated_workout_builder().expect("a builder");
        session.start_activity(Some(at(start))).unwrap();
        builder.begin_collection(at(start)).unwrap();
        builder.end_collection(at(start + 10)).unwrap();
        ids.push((start, builder.finish_workout().unwrap().unwrap().id));
        session.end().unwrap();
    }
    ids.sort_by_key(|(start, _)| -start);
    let ids: Vec<_> = ids.into_iter().map(|(_, id)| id).collect();
    assert_eq!(rig.store.workout_ids().unwrap(), ids);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn metadata_numbers_read_back_bit_by_bit(numbers in prop::collection::vec(prop::num::f64::NORMAL, 200)) {
        let rig = Rig::new();
        let (session, builder) = rig.running(WorkoutActivityType::Running);
        let entry = |(index, number): (usize, &f64)| (index.to_string(), MetadataValue::Number(*number));
        builder.add_metadata(numbers.iter().enumerate().map(entry).collect()).unwrap();
        let workout = rig.finish(&session);
        prop_assert_eq!(rig.store.workout(workout.id).unwrap().unwrap().metadata, workout.metadata);
    }
}

#[test]
fn opening_a_file_twice_gives_one_engine() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let same = |path: &Path| {
        StoreOptions::new()
            .path(path)
            .clock(&rig.clock)
            .entropy(Entropy::Seeded(7))
            .host(rig.platform.clone())
    };
    let other = HealthStore::open(same(&path)).unwrap();
    let (_, builder) = rig.running(WorkoutActivityType::Running);
    assert_eq!(other.ingest_sample(&beat(0)).unwrap().collected, 1);
    assert_eq!(builder.all_statistics().len(), 1);
    // Any path that leads there.
    let round_about = folder.path().join("../").join(folder.path().file_name().unwrap()).join("store.db");
    assert_eq!(HealthStore::open(same(&round_about)).unwrap().sample_count().unwrap(), 1);
    #[cfg(unix)]
    {
        let link = folder.path().join("link.db");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(HealthStore::open(same(&link)).unwrap().ingest_sample(&beat(0)).unwrap().collected, 1);
    }
    for different in [
        same(&path).durability(Durability::Within(secs(1))),
        same(&path).sync_every(None),
        same(&path).entropy(Entropy::Seeded(8)),
        same(&path).clock(ManualClock::new(at(0))),
        same(&path).clock(SystemClock),
    ] {
        assert_eq!(code(HealthStore::open(different).map(drop)), Err(ErrorCode::StoreOptionsDiffer));
    }
    // When all handles are gone, other options are fine.
    drop((builder, other, rig));
    HealthStore::open(StoreOptions::new().path(&path).sync_every(None)).unwrap();
}

#[test]
fn another_host_is_another_option() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let other = StoreOptions::new()
        .path(&path)
        .clock(&rig.clock)
        .entropy(Entropy::Seeded(7))
        .host(Arc::new(Platform::default()));
    assert_eq!(code(HealthStore::open(other).map(drop)), Err(ErrorCode::StoreOptionsDiffer));
}

#[test]
fn a_live_session_that_is_let_go_stays_in_the_journal() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let (session, builder) = rig.running(WorkoutActivityType::Running);
    builder.add_samples(&[beat(0)]).unwrap();
    session.pause().unwrap();
    drop((session, builder, rig));
    assert_eq!(count(&path, "count(*) FROM live"), 1);
    assert!(count(&path, "count(*) FROM journal") >= 3);
    let rig = Rig::with(|options| options.path(&path).entropy(Entropy::Seeded(8)));
    assert_eq!(rig.store.sample_count().unwrap(), 1);
    assert!(rig.store.workouts().unwrap().is_empty());
    // A new workout does not take the samples of the old one.
    let (session, _) = rig.running(WorkoutActivityType::Running);
    assert!(rig.finish(&session).statistics.is_empty());
}

#[test]
fn the_same_seed_on_the_same_file_makes_new_ids() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let mut ids = Vec::new();
    for _ in 0..2 {
        let rig = rig_at(&path);
        let (session, _) = rig.running(WorkoutActivityType::Running);
        ids.push(rig.finish(&session).id);
    }
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_session_that_never_began_leaves_nothing() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    let session = rig.session(WorkoutActivityType::Running);
    let source = LiveWorkoutDataSource::new(Some(&session.configuration()));
    session.associated_workout_builder().expect("a builder").set_data_source(Some(&source)).unwrap();
    drop((session, source, rig));
    assert_eq!(count(&path, "count(*) FROM live") + count(&path, "count(*) FROM journal"), 0);
}

/// Another process, here another connection, may register the same source first.
#[test]
fn a_source_that_another_process_registered_is_found() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let rig = rig_at(&path);
    look(&path)
        .execute(
            "INSERT INTO source (id, identifier, name, kind, last_batch) VALUES (7, 'strap', 'Strap', 2, 5)",
            [],
        )
        .unwrap();
    let strap = SampleSource { identifier: "strap".into(), name: "Strap".into(), kind: SourceKind::External };
    let id = rig.store.register_source(&strap).unwrap();
    assert_eq!(id, SourceId(7));
    // Its batches are known as well.
    let again = PackedBatchWriter::new(id, 5);
    assert!(rig.store.ingest(again.bytes()).unwrap().repeated);
}

#[test]
fn a_file_that_cannot_be_opened_is_set_aside_whole() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let names = || {
        let mut names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    std::fs::write(&path, vec![7; 5000]).unwrap();
    std::fs::write(folder.path().join("store.db-wal"), b"what a log holds").unwrap();
    assert_eq!(code(HealthStore::open_file(&path).map(drop)), Err(ErrorCode::StoreDamaged));
    let aside = HealthStore::set_aside(&path).unwrap();
    assert_eq!(std::fs::read(&aside).unwrap(), vec![7; 5000]);
    let name = aside.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.starts_with("store.db.set-aside-"), "{name}");
    assert!(names().contains(&format!("{name}-wal")) && !names().iter().any(|name| name == "store.db-wal"));

    // In its place a new store is made; one that is open stays where it is.
    let store = HealthStore::open_file(&path).unwrap();
    assert_eq!(code(HealthStore::set_aside(&path)), Err(ErrorCode::StoreBusy));
    assert_eq!(store.sample_count(), Ok(0));
    drop(store);
    let second = HealthStore::set_aside(&path).unwrap();
    assert_ne!(second, aside);
    assert_eq!(HealthStore::open_file(&second).unwrap().sample_count(), Ok(0));

    assert_eq!(code(HealthStore::set_aside(&path)), Err(ErrorCode::StoreNotFound));
    assert_eq!(code(HealthStore::set_aside(folder.path())), Err(ErrorCode::StoreCannotOpen));
}
