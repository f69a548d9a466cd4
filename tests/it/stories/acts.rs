//! Whatever may change a decision reconsiders it, and the act that earned something dates it: each of the programs that lie
//! in `../shared/field/rules`, and what must come of its dialogue.

use std::io::Write as _;

use super::{parse, tell};

/// One of those programs, where they lie beside the repository; in CI they must.
fn field(name: &str) -> Option<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field/rules");
    let path = folder.join(format!("{name}.toml"));
    let program = std::fs::read_to_string(&path).ok();
    #[expect(clippy::disallowed_methods, reason = "a test asks whether it may pass over what is absent")]
    let in_ci = std::env::var_os("CI").is_some();
    if program.is_none() {
        writeln!(std::io::stderr().lock(), "skipped: no {}", path.display()).expect("standard error is open");
        assert!(!in_ci, "in CI nothing is skipped");
    }
    program
}

async fn told(name: &str, more: &str, story: &str) {
    let Some(program) = field(name) else { return };
    let rows = parse(story).unwrap_or_else(|nonsense| panic!("{name}, {nonsense}"));
    let wrong = tell(name, &format!("{program}\n{more}"), &rows).await;
    assert!(wrong.is_empty(), "{} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

macro_rules! told {
    ($($name:ident: $program:literal $(+ $more:literal)?, $story:literal;)*) => {
        $(#[tokio::test]
        async fn $name() {
            told($program, concat!("", $($more)?), $story).await;
        })*
    };
}

told! {
    a_reinstatement_renews: "01-reinstated-not-renewed", "
        2020-01-10 10:00  ana  e 80           c -> awarded until 2021-01-10
        2020-12-01        ana  suspend other  c -> suspended
        2020-12-15        ana  u done         c -> withheld suspended
        2020-12-15        ana  outlook        c -> suspended suspended
        2020-12-20        ana  reinstate      c -> valid until 2022-01-10 awarded 2020-01-10
        2021-01-12        ana  e 3            c -> recorded until 2022-01-10
    ";
    a_prerequisite_that_is_reinstated_awards: "02-prerequisite-reinstated", "
        2020-01-10  ana  e 80           low  -> awarded until 2021-01-10
        2020-02-01  ana  suspend other  low  -> suspended
        2020-03-01  ana  e 80           high -> withheld prerequisite-not-held
        2020-03-10  ana  reinstate      low  -> valid until 2021-01-10
        2020-03-11  ana  outlook        high -> valid until 2021-03-10 awarded 2020-03-10 ...
    ";
    a_prerequisite_that_is_extended_awards: "03-extended", "
        2020-01-10  ana  e 80                     low  -> awarded until 2021-01-10
        2021-01-20  ana  e 80                     high -> withheld prerequisite-not-held
        2021-01-21  ana  extend until 2021-12-31  low  -> extended until 2021-12-31
        2021-01-21  ana  outlook                  high -> valid until 2022-01-21 awarded 2021-01-21 ...
    ";
    a_prerequisite_that_comes_back_renews_what_lapsed: "02-prerequisite-reinstated", "
        2020-01-10  ana  e 80     low  -> awarded until 2021-01-10
        2020-01-10  ana  e 80     high -> awarded until 2021-01-10
        2021-05-01  ana  e 80     high -> withheld prerequisite-not-held
        2021-05-02  ana  outlook  high -> lapsed until 2021-01-10 prerequisite-not-held
        2021-05-03  ana  e 80     low  -> renewed until 2022-05-03
        2021-05-03  ana  outlook  high -> valid until 2022-05-03 awarded 2021-05-03 ...
    ";
    the_turn_to_the_streamlined_path_renews: "04-phase-turn", "
        2020-01-10        ana  e 80     c -> awarded until 2021-01-10
        2021-01-20        ana  u done   c -> withheld exam-not-passed of e
        2021-02-09 23:59  ana  outlook  c -> grace until 2021-01-10 exam-not-passed of e
        2021-02-10        clock
        2021-02-10        ana  notices  c -> told expired grace-ended
        2021-02-10        ana  outlook  c -> valid until 2022-02-10 awarded 2020-01-10 ...
        2021-03-15        ana  e 3      c -> recorded until 2022-02-10
    ";
    a_lapse_grants_nothing_by_itself: "05-lapsed-backdated", "
        2020-01-10  ana  e 80     c -> awarded until 2021-01-10
        2021-02-20  ana  e 80     c -> withheld training-not-completed of u
        2021-04-11  clock
        2021-04-11  ana  outlook  c -> lapsed until 2021-01-10 nothing-since-lapse
        2021-08-01  ana  e 3      c -> withheld nothing-since-lapse
        2021-09-01  ana  e 80     c -> renewed until 2022-09-01 awarded 2021-09-01
    ";
    nobody_gets_a_part_of_a_term: "05b-full-path-gets-forty-days", "
        2020-01-10  ana  b done   c -> awarded until 2021-01-10
        2021-01-20  ana  e 80     c -> withheld training-not-completed of u
        2021-02-10  clock
        2021-02-10  ana  outlook  c -> valid until 2022-02-10 ...
        2022-01-01  ana  b done   c -> recorded until 2022-02-10 ...
    ";
    a_missed_upkeep_ends_with_its_term: "07-upkeep-missed-then-lapsed", "
        2020-01-10  ana  e 80     c -> awarded until 2021-01-10
        2020-06-01  clock
        2020-06-01  ana  outlook  c -> suspended until 2021-01-10 suspended training-not-completed of h
        2020-06-02  ana  e 80     c -> withheld suspended training-not-completed of h
        2021-06-01  clock
        2021-06-01  ana  outlook  c -> lapsed until 2021-01-10 exam-not-passed of e
        2022-01-10  ana  e 80     c -> renewed until 2023-01-10 awarded 2022-01-10
        2022-04-09  ana  h done   c -> recorded until 2023-01-10
        2022-05-11  clock
        2022-05-11  ana  state    c -> valid until 2023-01-10
    ";
    one_training_meets_one_period: "08-one-upkeep-for-many-periods", "
        2020-01-10  ana  e 80     c -> awarded until 2021-01-10
        2020-05-05  ana  h done   c -> recorded until 2021-01-10
        2020-08-09  ana  outlook  c -> valid ...
        2020-08-10  clock
        2020-08-10  ana  outlook  c -> suspended suspended training-not-completed of h
        2020-08-11  ana  h done   c -> reinstated until 2021-01-10
        == three misses ==
        2020-01-10  ben  e 80     c -> awarded until 2021-01-10
        2020-12-01  clock
        2020-12-02  ben  h done   c -> withheld suspended training-not-completed of h
        2020-12-03  ben  h done   c -> withheld suspended training-not-completed of h
        2020-12-04  ben  h done   c -> reinstated until 2021-01-10
    ";
    the_last_period_is_due_with_the_term: "09-last-period-never-asked", "
        2020-01-10  ana  e 80     c -> awarded until 2021-01-10
        2020-12-10  ana  e 80     c -> renewed until 2022-01-10
        2021-02-10  clock
        2021-02-10  ana  outlook  c -> suspended suspended training-not-completed of h
        2021-02-11  ana  h done   c -> reinstated until 2022-01-10
        2021-12-10  ana  e 80     c -> renewed until 2023-01-10
        2021-12-11  ana  h done   c -> recorded until 2023-01-10
        2022-06-01  clock
        2022-06-01  ana  state    c -> valid until 2023-01-10
    ";
    a_lower_award_that_is_renewed_along_loses_no_day: "10-higher-renews-lower-loses-days", "
        2020-01-10  ana  e 80    low  -> awarded until 2021-01-10
        2020-01-10  ana  e 80    high -> awarded until 2021-01-10
        2020-11-01  ana  u done  high -> renewed until 2022-01-10
        2020-11-01  ana  state   low  -> valid until 2022-01-10
    ";
    nothing_is_open_before_its_time: "13-five-minutes", "
        2020-01-10           ben  e 80  c -> awarded until 2021-01-10
        2021-01-10 23:55:00  ben  e 80  c -> recorded training-not-completed of u
        2021-01-11 00:00     clock
        2021-01-11 00:00     ben  outlook  c -> valid until 2022-01-11 ...
    ";
    what_came_too_early_uses_no_attempt: "14-out-of-order-attempts", "
        2020-01-01  ana  e 90    c -> withheld out-of-order of e training-not-completed of b
        2020-01-02  ana  e 10    c -> withheld out-of-order of e below-pass-mark of e training-not-completed of b
        2020-01-03  ana  b done  c -> withheld out-of-order of e below-pass-mark of e
        2020-01-04  ana  e 90    c -> awarded until 2021-01-04
    ";
    only_the_paths_of_the_exam_begin_anew: "16-restart-voids-other-path", "
        2020-01-01  ana  f done  c -> withheld ...
        2020-01-01  ana  b done  c -> withheld ...
        2020-01-02  ana  e 10    c -> withheld below-pass-mark attempts-used-up training-not-completed of b training-not-completed of g
        2020-01-03  ana  g done  c -> awarded until 2021-01-03
    ";
    a_missed_recertification_tells_its_end_and_what_mends_it: "18-recertify-outlook" + "
[[recertify]]
id = 'r9'
announced = 2020-06-01
certifications = ['c']
requirement = 'u'
by = '60d'
", "
        2020-01-10  ana  e 80     c -> awarded until 2021-01-10
        2020-06-01  clock
        2020-08-05  clock
        2020-08-05  ana  outlook  c -> grace until 2020-07-31 training-not-completed of u
        2020-08-05  ana  e 80     c -> withheld training-not-completed of u
        2020-09-15  ana  outlook  c -> streamlined until 2020-07-31 training-not-completed of u
        2020-09-15  ana  u done   c -> reinstated until 2021-01-10
    ";
    who_is_not_held_is_told_what_is_missing: "21-recorded-in-grace", "
        2020-01-10  ana  e 80    c -> awarded until 2021-01-10
        2021-01-20  ana  u done  c -> withheld exam-not-passed of e
        2021-06-20  ana  u done  c -> withheld exam-not-passed of e
    ";
}
