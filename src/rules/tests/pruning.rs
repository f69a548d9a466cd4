//! What is taken out of a large standing changes no decision.

use proptest::prelude::*;

use super::*;

const TRIED: &str = r#"
    [[certification.requirement]]
    id = "sales-101"
    kind = "training"
    hours = 3
    [[certification.requirement]]
    id = "exam"
    kind = "exam"
    after = ["sales-101"]
    pass = 70
    attempts = 3
    wait = "7d"
    then = "30d"
    [[certification.requirement]]
    id = "case"
    kind = "evidence"
    count = 4
    [[certification.requirement]]
    id = "panel"
    kind = "review"
    wait = "2d"
"#;

fn is_small(standing: &Standing) -> bool {
    standing.results.len() <= 200 && serde_json::to_vec(standing).unwrap().len() <= 40_000
}

fn many(n: usize, text: impl Fn(usize) -> String) -> Vec<RecordedResult> {
    (0..n).map(|i| RecordedResult { id: format!("{i}"), ..result(&text(i)) }).collect()
}

#[test]
fn a_small_standing_is_left_alone() {
    let p = program("", TRIED);
    let mut small = Standing { results: many(100, |_| "case failed - 2026-11-01".into()), ..standing() };
    let before = small.clone();
    assert!(move_out(&mut small, Versions::only(&p), &p.certifications[0]).is_empty());
    assert_eq!(small, before);
}

#[test]
fn superseded_failures_go_and_what_counts_stays() {
    let p = program("", TRIED);
    let mut results = many(300, |i| format!("case failed - 2026-10-{:02}", i % 28 + 1));
    results.push(result("sales-101 completed - 2026-11-01 minutes=180"));
    results.push(result("exam failed 10 2026-11-02"));
    let mut large = Standing { results, ..standing() };
    let moved = move_out(&mut large, Versions::only(&p), &p.certifications[0]);
    assert_eq!((large.results.len() + moved.len(), large.results.len(), large.moved_out), (302, 150, 152));
    assert!(moved.iter().all(|r| r.requirement.as_str() == "case"));
    assert!(large.results.iter().any(|r| r.requirement.as_str() == "exam"));
}

#[test]
fn of_a_former_term_the_best_score_stays_and_what_is_held_back_does() {
    let p = program("validity = \"1y\"", TRIED);
    let mut results = many(250, |i| format!("exam passed {} 2025-11-20", 70 + i % 25));
    results[3].holds = vec![crate::id::HoldId::new(at("2026-11-25"), &CountedIds::default())];
    let held = results[3].clone();
    let award = Some(award("2025-12-01", Some("2026-12-01T22:59:59Z")));
    let mut large = Standing { results, award, ..standing() };
    move_out(&mut large, Versions::only(&p), &p.certifications[0]);
    assert_eq!(large.results.len(), 150);
    assert!(large.results.contains(&held));
    assert!(large.results.iter().any(|r| r.score == Some(of_hundred(94.0))));
}

#[test]
fn while_something_is_held_only_what_is_struck_out_goes() {
    let p = program("", TRIED);
    let mut results = many(300, |i| format!("case failed - 2026-10-{:02}", i % 28 + 1));
    results[7].void_at = Some(at("2026-11-01"));
    results[8].holds = vec![crate::id::HoldId::new(at("2026-11-25"), &CountedIds::default())];
    let struck = results[7].clone();
    let mut large = Standing { results, ..standing() };
    assert_eq!(move_out(&mut large, Versions::only(&p), &p.certifications[0]), [struck]);
    large.results[7].holds.clear();
    assert_eq!(
        move_out(&mut large, Versions::only(&p), &p.certifications[0]).len(),
        149,
        "once it is released, the rest goes"
    );
}

fn any_fact() -> impl Strategy<Value = RecordedResult> {
    let requirement = prop::sample::select(vec!["sales-101", "exam", "case", "case", "panel", "gone"]);
    let outcome = prop::sample::select(vec!["passed", "failed", "failed", "completed"]);
    (requirement, outcome, 40..100u32, 0..400i64, 0..60u32, any::<u64>(), 0..20u8).prop_map(
        |(requirement, outcome, percent, day, minutes, id, fate)| {
            let at = at("2025-06-01") + chrono::TimeDelta::days(day) + chrono::TimeDelta::minutes(i64::from(minutes));
            let void_at = (fate == 0).then_some(at);
            let holds = if fate == 1 { vec![crate::id::HoldId::new(at, &CountedIds::default())] } else { Vec::new() };
            RecordedResult {
                id: id.to_string(),
                minutes: Some(f64::from(minutes)),
                piece: (day % 3 > 0).then(|| (day % 7).to_string()),
                evidence: vec![(day % 5).to_string()],
                at,
                recorded_at: at,
                void_at,
                holds,
                ..result(&format!("{requirement} {outcome} {percent} 2026-01-01"))
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_decision_changes(
        results in prop::collection::vec(any_fact(), 150..320), held in any::<bool>(), approval in 0..2u8, day in 0..500i64,
    ) {
        let extra = format!("validity = \"1y\"\napproval = {approval}");
        let p = program(&extra, &format!("{TRIED}\n[certification.renewal]\ngrace = \"30d\""));
        let held = held.then(|| award("2026-01-15", Some("2026-12-15T22:59:59Z")));
        let before = Standing { results, award: held, ..standing() };
        let mut after = before.clone();
        let moved = move_out(&mut after, Versions::only(&p), &p.certifications[0]);
        prop_assert_eq!(after.results.len() + moved.len(), before.results.len());
        prop_assert_eq!(moved.len(), usize::try_from(after.moved_out).unwrap());
        let is_held = before.results.iter().any(|result| !result.holds.is_empty());
        prop_assert!(!moved.is_empty() || is_held || is_small(&before));
        let now = at("2026-07-06") + chrono::TimeDelta::days(day);
        let ask = |standing: &Standing| {
            let question = question(&p, standing, &[], now);
            (decide(&question), outlook(&question))
        };
        prop_assert_eq!(ask(&before), ask(&after));
    }
}
