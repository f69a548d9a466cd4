//! Waits and series of attempts belong to the person and the requirement: they run on over the window, the end, the grace and
//! the lapse, until a pass, a restart, or a newly earned term.

use super::assert_told;

const PROGRAM: &str = r#"
program = { id = "p", name = "P", timezone = "UTC" }
issuer = { name = "V", url = "https://v.example", email = "c@v.example" }
track = [{ id = "t", name = "T" }]
[[certification]]
id = "c"
track = "t"
name = "C"
description = "d"
criteria = "k"
validity = "1y"
[[certification.requirement]]
id = "e"
kind = "exam"
pass = 70
attempts = 2
wait = "30d"
[[certification.requirement]]
id = "u"
kind = "training"
first = false
[certification.renewal]
any_of = [["e"], ["u"]]
grace = "30d"
"#;

#[tokio::test]
async fn waits_run_on_over_every_boundary() {
    let story = "
        == over the end ==
        2020-01-10  ana  e 80     c -> awarded until 2021-01-10
        2021-01-05  ana  e 60     c -> recorded below-pass-mark attempt 1 of 2 next 2021-02-04 ...
        2021-01-12  ana  e 80     c -> withheld too-early of e next 2021-02-04 ...
        2021-02-04  ana  e 80     c -> renewed until 2022-02-04
        == over the opening of the window ==
        2020-01-10  ben  e 80     c -> awarded until 2021-01-10
        2020-10-10  ben  e 60     c -> recorded until 2021-01-10
        2020-10-15  ben  e 80     c -> recorded too-early of e next 2020-11-09 ...
        2020-11-09  ben  e 80     c -> renewed until 2022-01-10
        == over the lapse ==
        2020-01-10  cem  e 80     c -> awarded until 2021-01-10
        2021-02-01  cem  e 60     c -> withheld below-pass-mark attempt 1 of 2 next 2021-03-03 ...
        2021-02-20  cem  e 80     c -> withheld too-early of e next 2021-03-03
        2021-03-03  cem  e 80     c -> renewed until 2022-03-03 awarded 2021-03-03
        == a pass before the window ends a series ==
        2020-01-10  dan  e 80     c -> awarded until 2021-01-10
        2020-08-01  dan  e 60     c -> recorded until 2021-01-10
        2020-08-31  dan  e 80     c -> recorded until 2021-01-10
        2020-10-13  dan  e 60     c -> recorded below-pass-mark attempt 1 of 2 ...
        == a newly earned term does ==
        2020-01-10  eva  e 80     c -> awarded until 2021-01-10
        2020-12-01  eva  e 60     c -> recorded below-pass-mark attempt 1 of 2 ...
        2020-12-02  eva  u done   c -> renewed until 2022-01-10
        2021-10-13  eva  e 60     c -> recorded below-pass-mark attempt 1 of 2 ...
        == and until then the attempts are those of one series ==
        2020-01-10  fay  e 80     c -> awarded until 2021-01-10
        2020-09-01  fay  e 60     c -> recorded until 2021-01-10
        2020-10-13  fay  e 60     c -> recorded attempts-used-up of e ...
        2020-12-13  fay  e 90     c -> recorded attempts-used-up of e ...
        2021-04-13  fay  e 90     c -> withheld attempts-used-up of e
    ";
    assert_told("waits", PROGRAM, story).await;
}
