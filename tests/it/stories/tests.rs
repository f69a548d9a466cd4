//! The interpreter of the stories, and what every story must have.

use assay::program::Program;

use super::answer::Answer;
use super::story::parse;
use super::{PARTNER_FRAMEWORK, STORIES, tell};

#[track_caller]
fn refused(story: &str, expected: &str) {
    match parse(story) {
        Ok(rows) => panic!("{story:?} was read as {rows:?}"),
        Err(nonsense) => assert_eq!(nonsense.to_string(), expected, "{story:?}"),
    }
}

#[test]
fn nonsense_is_refused_with_its_line() {
    refused("", "line 1: the story has no row");
    refused("# nothing\n== at all ==\n", "line 1: the story has no row");
    refused("yesterday  ana exam 68 x -> awarded", "line 1: \"yesterday\" is no date: write 2027-03-09");
    refused("2027-02-30  ana exam 68 x -> awarded", "line 1: \"2027-02-30\" is no date: write 2027-03-09");
    refused("2027-3-9  ana exam 68 x -> awarded", "line 1: \"2027-3-9\" is no date: write 2027-03-09");
    refused("2027-03-09 25:00 ana exam 68 x -> awarded", "line 1: \"25:00\" is no time of day: write 09:30");
    refused("2027-03-09 ana x -> awarded", "line 1: a row is: date, time if it matters, who, what, certification");
    refused("2027-03-09 Ana exam 68 x -> awarded", "line 1: \"Ana\" is no id");
    refused("2027-03-09 ana exam x -> awarded", "line 1: a result needs a score, or one of done, passed, failed");
    refused("2027-03-09 ana exam 68 69 x -> awarded", "line 1: \"69\" is a second score");
    refused("2027-03-09 ana exam done passed x -> awarded", "line 1: \"passed\" is a second outcome");
    refused("2027-03-09 ana exam often x -> awarded", "line 1: \"often\" is no number");
    refused("2027-03-09 ana exam NaN x -> awarded", "line 1: \"NaN\" is no number");
    refused("2027-03-09 ana exam 68 colour=red x -> awarded", "line 1: a result has no \"colour\"");
    refused("2027-03-09 ana exam 68 evidence=few x -> awarded", "line 1: \"few\" is no count");
    refused("2027-03-09 ana panel passed rubric x -> awarded", "line 1: the rubric has no scores");
    refused("2027-03-09 ana panel passed rubric style x -> awarded", "line 1: \"style\" is no score: write id=80");
    refused("2027-03-09 ana exam 68 at=noon x -> awarded", "line 1: \"noon\" is no date: write 2027-03-09");
    refused("2027-03-09 ana suspend x -> suspended", "line 1: \"suspend\" needs the code of one reason");
    refused("2027-03-09 ana reinstate other x -> valid", "line 1: \"other\" means nothing after \"reinstate\"");
    refused("2027-03-09 ana state now x -> valid", "line 1: \"now\" means nothing after \"state\", but at=");
    refused("2027-03-09 ana page twice x -> same", "line 1: \"twice\" means nothing after \"page\"");
    refused(
        "2027-03-09 ana grant wishes x -> granted",
        "line 1: nothing of this kind is granted; known are: grant attempt exam, waive exam, extend until 2027-03-09, \
         award by hand, approve; then by somebody",
    );
    refused("2027-03-09 clock -> told", "line 1: the clock answers nothing");
    refused(
        "2027-03-09 ana clock x -> told",
        "line 1: the clock is nobody's: write date, time if it matters, and clock",
    );
    refused(
        "2027-03-09 ana exam 68 x",
        "line 1: says not what comes of it: -> awarded, renewed, reinstated, recorded, withheld, refused",
    );
    refused(
        "2027-03-09 ana exam 68 x -> valid",
        "line 1: \"valid\" cannot come of this, but: awarded, renewed, reinstated, recorded, withheld, refused",
    );
    refused("2027-03-09 ana exam 68 x ->", "line 1: nothing stands behind the arrow");
    refused("2027-03-09 ana exam 68 x -> withheld", "line 1: \"withheld\" needs codes of what is unmet");
    refused("2027-03-09 ana exam 68 x -> awarded too-early", "line 1: nothing is unmet where it is \"awarded\"");
    refused("2027-03-09 ana exam 68 x -> withheld too-ugly", "line 1: \"too-ugly\" means nothing in an answer");
    refused("2027-03-09 ana exam 68 x -> withheld attempt 1 of 3", "line 1: \"attempt\" stands behind no code");
    refused("2027-03-09 ana exam 68 x -> awarded until", "line 1: \"until\" is followed by nothing");
    refused("2027-03-09 ana exam 68 x -> awarded until soon", "line 1: \"soon\" is no date: write 2027-03-09");
    refused("2027-03-09 ana notices x -> told often", "line 1: \"often\" means nothing in an answer");
}

#[test]
fn a_story_goes_forward_in_time() {
    let story = "\n2027-03-09 10:00 ana exam 68 x -> withheld below-pass-mark\n\
                 2027-03-09 09:59 ana exam 91 x -> awarded until 2028-03-09\n";
    refused(story, "line 3: 2027-03-09 09:59:00 is before 2027-03-09 10:00:00, the row above");
}

#[test]
fn chapters_are_told_together_in_the_order_of_time() {
    let story = "== Ana ==\n2027-03-09 ana state x -> none\n2027-03-11 ana state x -> none\n\
                 == Ben ==\n2027-03-10 ben state x -> none\n2027-03-11 ben state x -> none\n";
    let lines: Vec<usize> = parse(story).unwrap().iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 5, 3, 6]);
}

/// Whether `got` is what a story wants that says `wanted`.
#[track_caller]
fn compared(wanted: &str, got: &str, expected: bool) {
    let read = |text: &str| Answer::parse(&text.split(' ').collect::<Vec<_>>()).unwrap();
    assert_eq!(read(wanted).is_met_by(&read(got)), expected, "{wanted:?} {got:?}");
}

#[test]
fn an_answer_must_say_all_that_is_written_and_name_every_code() {
    let got =
        "withheld below-pass-mark of exam have 68 need 70 attempt 1 of 3 next 2027-03-09 review-not-passed of panel";
    compared(got, got, true);
    compared("withheld review-not-passed below-pass-mark attempt 1 of 3", got, true);
    compared("withheld below-pass-mark ...", got, true);
    compared("withheld ...", got, true);
    compared("withheld below-pass-mark", got, false);
    compared("withheld below-pass-mark below-pass-mark", got, false);
    compared("withheld below-pass-mark too-early review-not-passed", got, false);
    compared("withheld below-pass-mark attempt 1 review-not-passed", got, false);
    compared("withheld below-pass-mark attempt 2 of 3 review-not-passed", got, false);
    compared("withheld below-pass-mark next 2027-03-10 review-not-passed", got, false);
    compared("withheld below-pass-mark of panel review-not-passed of exam", got, false);
    compared("recorded ...", got, false);
    compared("recorded", "recorded until 2028-03-09", true);
    compared("recorded", "recorded below-pass-mark", false);

    compared("awarded until 2028-03-09", "awarded until 2028-03-09 awarded 2027-03-09 version 1", true);
    compared("awarded until 2028-03-09", "awarded until 2028-03-10", false);
    compared("awarded until ever", "awarded until ever", true);
    compared("renewed until 2028-03-09", "awarded until 2028-03-09", false);

    compared("expired since 2028-03-09", "expired since 2028-03-09", true);
    compared("expired since 2028-03-09", "expired since 2028-03-09 grace-until 2028-04-08", false);
    compared("expired since 2028-03-09 grace-until 2028-04-08", "expired since 2028-03-09", false);
    compared("expired", "expired since 2028-03-09", true);

    compared("told 60d expired", "told 60d expired", true);
    compared("told expired 60d", "told 60d expired", false);
    compared("told", "told 60d", false);
    compared("refused invalid-state", "refused not-found", false);
}

#[tokio::test]
async fn a_row_that_comes_out_otherwise_is_shown_with_its_line() {
    let story = "
        == one of four is right ==
        2027-01-11  ana  sales-101 done  sales-associate  -> withheld exam-not-passed of exam
        2027-01-12  ana  exam 68         sales-associate  -> withheld below-pass-mark have 67
        2027-01-12  ana  exam 91 at=2027-01-12T13:00 sales-associate -> awarded until 2028-01-12
        2027-01-13  ana  why             technical-associate -> met
    ";
    let wrong = tell("tale", PARTNER_FRAMEWORK, &parse(story).unwrap()).await;
    assert_eq!(wrong.len(), 3, "{wrong:#?}");
    assert!(wrong[0].starts_with(
        "tale.story, line 4: 2027-01-12 ana exam 68 sales-associate -> withheld below-pass-mark have 67\n  \
         expected: withheld below-pass-mark have 67\n  got:      withheld below-pass-mark of exam have 68 need 70"
    ));
    assert!(
        wrong[1].ends_with("expected: awarded until 2028-01-12\n  got:      refused invalid-value"),
        "{}",
        wrong[1]
    );
    assert!(wrong[2].ends_with("expected: met\n  got:      no result was reported yet"), "{}", wrong[2]);
}

#[test]
fn every_story_has_a_sound_program_and_fifteen_dated_facts() {
    for (name, program, story) in STORIES {
        if let Err(faults) = Program::parse(program) {
            panic!("{name}.toml\n{faults}");
        }
        let rows = parse(story).unwrap_or_else(|nonsense| panic!("{name}.story, {nonsense}"));
        let answered = rows.iter().filter(|row| row.expected.is_some()).count();
        assert!(answered >= 15, "{name} has {answered}");
    }
}
