//! How long the clock worker takes over a store of 100,000 awards of which 10,000 are due.

use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use assay::app::{App, Caches, Judges};
use assay::clock::FixedClock;
use assay::config::Places;
use assay::fetch::{Door, Limits};
use assay::id::{AwardId, CredentialVersion, OsRandom, PersonId, Realm, random_urn};
use assay::keyring::SeedKey;
use assay::mail::MemoryPost;
use assay::render::Painter;
use assay::rules::{Award, Cause, Happening, HistoryEntry, Standing, VersionEntry, VersionKind};
use assay::service::setup::{self, Setup};
use assay::store::engine::sled::{SledEngine, SledOptions};
use assay::store::{Changes, Commit, Managers, Person, ReadSet, Store};
use assay::urls::Urls;
use assay::workers;
use chrono::{DateTime, TimeDelta, Utc};

const AWARDS: u32 = 100_000;
/// Every tenth award is due.
const DUE_EVERY: u32 = 10;
/// Awards written in one batch.
const BATCH: u32 = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the runtime starts");
    runtime.block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let engine = SledEngine::open(directory.path(), SledOptions::default()).expect("the store opens");
        let engine = Arc::new(engine);
        let app = Arc::new(app(Store::new(engine.clone())).await);
        let began = Instant::now();
        fill(&app).await;
        say(&format!("{AWARDS} awards written in {:.1} s", began.elapsed().as_secs_f64()));

        let began = Instant::now();
        assert!(workers::tick_time(&app).await.expect("the clock works"));
        let took = began.elapsed().as_secs_f64();
        let due = AWARDS / DUE_EVERY;
        say(&format!("{due} due awards served in {took:.2} s: {:.0} a second", f64::from(due) / took));

        let began = Instant::now();
        assert!(!workers::tick_time(&app).await.expect("the clock works"), "nothing is served twice");
        say(&format!("nothing due: {:.0} µs", began.elapsed().as_secs_f64() * 1e6));
        engine.close().await;
    });
}

async fn app(store: Store) -> App {
    let program = include_str!("../templates/programs/partner-framework.toml");
    let logo = include_bytes!("../templates/programs/northwind.svg").to_vec();
    let assets = [("northwind.svg".to_owned(), logo)].into();
    let (signer, clock, base) = (SeedKey::new(&[7; 32]), Arc::new(FixedClock::at(now())), "https://badges.example");
    let setup = Setup { text: program, assets: &assets, base };
    setup::init(&store, &signer, clock.as_ref(), &OsRandom, setup).await.expect("an issuer is made");
    App {
        clock: clock.clone(),
        ids: Arc::new(OsRandom),
        store,
        signer: Arc::new(signer),
        urls: Urls::new(base),
        painter: Painter::new(),
        operator: None,
        door: Door::new(Places::default(), Limits::default(), clock.clone()),
        judges: Judges::default(),
        post: Arc::new(MemoryPost::default()),
        vc_api: None,
        caches: Caches::default(),
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().expect("a moment")
}

async fn fill(app: &App) {
    for first in (0..AWARDS).step_by(BATCH as usize) {
        let mut changes = Changes::new(Realm::Live);
        for n in first..first + BATCH {
            let (person, standing) = holder(n);
            changes.person(&person);
            changes.standing(&Standing::empty(person.id.clone(), standing.certification.clone()), &standing);
        }
        let done = app.store.commit(&ReadSet::new(), changes).await.expect("the store works");
        assert!(matches!(done, Commit::Done(_)));
    }
}

/// One whose award ran out yesterday, or will in half a year.
fn holder(n: u32) -> (Person, Standing) {
    let until = if n.is_multiple_of(DUE_EVERY) { now() - TimeDelta::days(1) } else { now() + TimeDelta::days(180) };
    let awarded = until - TimeDelta::days(365);
    let person = Person {
        id: PersonId::new(awarded, &OsRandom),
        name: format!("Holder {n}"),
        emails: vec![format!("holder{n}@partner.example")],
        external: Vec::new(),
        pending: Vec::new(),
        consent: Vec::new(),
        language: None,
        managers: Managers::default(),
        region: None,
        merged: Vec::new(),
        subject: random_urn(&OsRandom),
        created_at: awarded,
    };
    let version = VersionEntry {
        number: CredentialVersion::FIRST,
        kind: VersionKind::Issue,
        list: 1,
        index: n,
        valid_from: awarded,
        valid_until: Some(until),
        awarded_at: awarded,
        earned_at: awarded,
        program: 1,
        kid: "z6Mk".to_owned(),
        term: CredentialVersion::FIRST,
        rests_on: Vec::new(),
        fallen: false,
    };
    let issued = Happening::Issued { version: CredentialVersion::FIRST };
    let cause = Cause::Verb;
    let history = vec![HistoryEntry { what: issued, valid_at: awarded, recorded_at: awarded, program: 1, cause }];
    let award = Award { id: AwardId::new(&OsRandom), versions: vec![version], demands: Vec::new(), history };
    let mut standing = Standing::empty(person.id.clone(), "sales-associate".parse().expect("an id"));
    standing.award = Some(award);
    standing.told = Some(until - TimeDelta::days(7));
    standing.due = Some(until + TimeDelta::seconds(1));
    (person, standing)
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("somebody listens");
}
