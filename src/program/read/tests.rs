//! Every kind of fault, as a table: what is written, and all that is said about it.

use super::*;
use crate::decimal::Decimal;
use crate::program::{Exhausted, Line, Proctoring};

/// A small whole program. Every test changes one thing in it.
const BASE: &str = r#"
[program]
id = "p"
name = "P"
[issuer]
name = "I"
url = "https://i.example"
email = "c@i.example"
[[area]]
id = "suite"
name = "Suite"
[[track]]
id = "sales"
name = "Sales"
[[level]]
id = "low"
name = "Low"
[[level]]
id = "high"
name = "High"
theme = "gold"
validity = "2y"
pass = 80
attempts = 2
wait = "14d"
then = "restart"
proctoring = "live"
[level.renewal]
grace = "30d"
any_of = [["exam"]]
[[right]]
id = "mdf"
name = "MDF"
[[certification]]
id = "one"
track = "sales"
level = "high"
name = "One"
description = "D"
criteria = "C"
#one
[[certification.requirement]]
id = "course"
kind = "training"
[[certification.requirement]]
id = "exam"
kind = "exam"
#exam
[[certification]]
id = "two"
track = "sales"
name = "Two"
description = "D"
criteria = "C"
#two
[[certification.requirement]]
id = "essay"
kind = "review"
#essay
[[tier]]
id = "silver"
name = "Silver"
#silver
[[tier]]
id = "gold"
name = "Gold"
#gold
#end
"#;

fn with(marker: &str, text: &str) -> String {
    assert!(BASE.contains(marker), "no {marker}");
    BASE.replacen(&format!("{marker}\n"), &format!("{text}\n"), 1)
}

fn parsed(marker: &str, text: &str) -> Program {
    Program::parse(&with(marker, text)).unwrap_or_else(|faults| panic!("{faults}"))
}

/// In place of `marker`, `text` gives exactly these faults (without their positions and hints).
#[track_caller]
fn check(marker: &str, text: &str, expected: &[&str]) {
    let said = match Program::parse(&with(marker, text)) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.list().iter().map(|f| format!("{}: {}", f.path, f.message)).collect(),
    };
    assert_eq!(said, expected, "{text}");
}

#[test]
fn the_small_program_is_whole() {
    let program = parsed("#end", "");
    assert_eq!(program.timezone.name(), "UTC");
    assert_eq!(program.languages, ["en"]);
    assert!(program.privacy.email_hash && !program.privacy.score);
}

#[test]
fn a_certification_inherits_from_its_level_and_the_level_from_the_default() {
    let program = parsed("#end", "");
    let [one, two] = &program.certifications[..] else { panic!("two certifications") };
    let exam = one.requirement(&"exam".parse().unwrap()).unwrap();
    assert_eq!(
        (exam.pass.map(Decimal::to_f64), exam.attempts, exam.wait.to_string()),
        (Some(80.0), 2, "14d".to_owned())
    );
    assert_eq!((exam.then, exam.proctoring), (Exhausted::Restart, Proctoring::Live));
    assert_eq!(one.validity.unwrap().to_string(), "2y");
    assert_eq!(one.renewal.grace.to_string(), "30d");
    assert_eq!(one.renewal.streamlined.to_string(), "30d");
    assert_eq!(one.renewal.any_of, [["exam".parse().unwrap()]]);
    assert_eq!(one.renewal.late_any_of, one.renewal.any_of);
    let course = one.requirement(&"course".parse().unwrap()).unwrap();
    assert_eq!((course.name.as_str(), course.pass, course.attempts, course.count), ("Course", None, 0, 1));
    assert_eq!(two.validity, None);
    assert_eq!(two.any_of, [["essay".parse().unwrap()]]);
    assert_eq!(two.renewal.any_of, two.any_of);
    assert_eq!(two.renewal.window.to_string(), "90d");
    assert_eq!(two.renewal.remind.len(), 5);
    assert_eq!(two.renewal.notify.len(), 2);
}

#[test]
fn what_a_certification_says_itself_goes_before_its_level() {
    let program = parsed("#exam", "pass = 60\nproctoring = \"self\"\n[certification.renewal]\nstreamlined = \"90d\"");
    let one = &program.certifications[0];
    let exam = one.requirement(&"exam".parse().unwrap()).unwrap();
    assert_eq!((exam.pass.map(Decimal::to_f64), exam.proctoring), (Some(60.0), Proctoring::SelfPaced));
    assert_eq!((one.renewal.grace.to_string(), one.renewal.streamlined.to_string()), ("30d".into(), "90d".into()));
}

#[test]
fn keys_and_types() {
    let two = "certification \"two\"";
    check("#two", "nmae = 1", &[&format!("{two} › nmae: unknown key")]);
    check("#two", "validity = 3", &[&format!("{two} › validity: must be text, not a whole number")]);
    check("#two", "skills = \"x\"", &[&format!("{two} › skills: must be a list, not text")]);
    check("#two", "opens = \"soon\"", &[&format!("{two} › opens: \"soon\" is not a date")]);
    check("#two", "opens = 2027-01-01T00:00:00Z", &[&format!("{two} › opens: \"2027-01-01T00:00:00Z\" is not a date")]);
    check("#two", "image = \"../x.svg\"", &[&format!("{two} › image: \"../x.svg\" is not beside the program file")]);
    check(
        "#two",
        "image = \"x.gif\"",
        &[&format!("{two} › image: must be a file that ends in svg, png, not \"x.gif\"")],
    );
    check("#two", "approval = 3", &[&format!("{two} › approval: must be 0 to 2, not 3")]);
    check(
        "#two",
        "theme = \"gild\"",
        &[&format!("{two} › theme: must be one of bronze, silver, gold, platinum, slate, not \"gild\"")],
    );
    check("#end", "[certificatoin]\nid = 1", &["certificatoin: unknown key"]);
    check("#end", "[map]\nsource = \"x\"", &["map: must be a list of tables, not a table"]);
    check("#silver", "name = \"Again\"", &[": duplicate key"]);
    check("#silver", "badge = \"yes\"", &["tier \"silver\" › badge: must be true or false, not text"]);
    check("#end", "[[track]]\nid = \"x\"\nnaem = \"X\"", &["track \"x\" › naem: unknown key"]);
    check(
        "#end",
        "[[track]]\n",
        &["track 2 › id: is required, but missing", "track 2 › name: is required, but missing"],
    );
}

#[test]
fn texts_have_bounds() {
    let long = "x".repeat(201);
    check(
        "#two",
        &format!("fee = \"{long}\""),
        &["certification \"two\" › fee: 201 characters; at most 200 are allowed"],
    );
    check("#two", "fee = \" \"", &["certification \"two\" › fee: must not be empty"]);
    check("#two", "fee = \"a\\u0007b\"", &["certification \"two\" › fee: must not have the control character U+0007"]);
    check("#two", "fee = \"a\\u202eb\"", &["certification \"two\" › fee: must not have the control character U+202E"]);
    check("#essay", "description = \"two\\nlines\"", &[]);
}

#[test]
fn ids_and_references() {
    check("#end", "[[track]]\nid = \"Sales\"\nname = \"S\"", &["track \"Sales\" › id: \"Sales\" is not an id"]);
    check(
        "#end",
        "[[tier]]\nid = \"gold\"\nname = \"G\"",
        &["tier \"gold\" › id: \"gold\" is already the id of another tier"],
    );
    let two = "certification \"two\"";
    check("#two", "level = \"hihg\"", &[&format!("{two} › level: there is no level \"hihg\"")]);
    check("#two", "area = [\"suite\", \"x\"]", &[&format!("{two} › area 2: there is no area \"x\"")]);
    check("#two", "unlocks = [\"mfd\"]", &[&format!("{two} › unlocks 1: there is no right \"mfd\"")]);
    check("#two", "renews = [\"three\"]", &[&format!("{two} › renews 1: there is no certification \"three\"")]);
    check(
        "#two",
        "prerequisites = [[\"one\", \"x\"]]",
        &[&format!("{two} › prerequisites 1 2: there is no certification \"x\"")],
    );
    check(
        "#two",
        "prerequisites = [[]]",
        &[&format!("{two} › prerequisites 1: a choice must have at least one certification")],
    );
    check(
        "#essay",
        "after = [\"exam\"]",
        &[&format!(
            "{two} › requirement \"essay\" › after 1: there is no requirement \"exam\" in certification \"two\""
        )],
    );
    check(
        "#two",
        "level = \"high\"",
        &[
            "level \"high\" › renewal › any_of 1 1: there is no requirement \"exam\" in certification \"two\", which inherits this",
        ],
    );
    let map = "[[map]]\nsource = \"s\"\nobject = \"o\"\nverb = \"v\"\nrequirement = ";
    check(
        "#end",
        &format!("{map}\"one/exma\""),
        &["map 1 › requirement: there is no requirement \"exma\" in certification \"one\""],
    );
    check("#end", &format!("{map}\"none/exam\""), &["map 1 › requirement: there is no certification \"none\""]);
    check("#end", &format!("{map}\"exam\""), &["map 1 › requirement: \"exam\" does not name a requirement"]);
    check(
        "#end",
        "[[recertify]]\nid = \"r\"\nannounced = 2027-01-01\ncertifications = [\"one\"]\nrequirement = \"x\"\nby = \"30d\"",
        &["recertify \"r\" › requirement: there is no requirement \"x\" in certification \"one\""],
    );
}

#[test]
fn paths_and_order() {
    let one = "certification \"one\"";
    check("#one", "any_of = []", &[&format!("{one} › any_of: must have at least one path")]);
    check("#one", "any_of = [[]]", &[&format!("{one} › any_of 1: a path must have at least one requirement")]);
    check("#one", "any_of = [\"exam\"]", &[&format!("{one} › any_of 1: must be a list, not text")]);
    check("#one", "any_of = [[\"exam\"], [\"course\"]]", &[]);
    check("#exam", "first = false\n[certification.renewal]\nwindow = \"60d\"", &[]);
    check("#essay", "first = false", &["certification \"two\": has no requirement for a first award"]);
    check("#two", "any_of = [[\"essay\"]]\n#", &[]);
    check(
        "#essay",
        "after = [\"essay\"]",
        &["certification \"two\" › requirement \"essay\": needs \"essay\": nobody could ever get there"],
    );
    check(
        "#two",
        "prerequisites = [\"two\"]",
        &["certification \"two\" › prerequisites: needs \"two\": nobody could ever get there"],
    );
    check("#two", "prerequisites = [[\"two\", \"one\"]]", &[]);
    check(
        "#two",
        "opens = 2027-02-01\ncloses = \"2027-01-01\"",
        &["certification \"two\" › closes: 2027-01-01 is before it opens, on 2027-02-01"],
    );
}

#[test]
fn numbers_days_and_durations() {
    check("#exam", "pass = -1", &["certification \"one\" › requirement \"exam\" › pass: must be 0 to 100, not -1"]);
    check("#exam", "pass = nan", &["certification \"one\" › requirement \"exam\" › pass: must be 0 to 100, not nan"]);
    check("#exam", "count = 0", &["certification \"one\" › requirement \"exam\" › count: must be 1 to 1000, not 0"]);
    check(
        "#exam",
        "then = \"never\"",
        &["certification \"one\" › requirement \"exam\" › then: must be ask, restart or a duration, not \"never\""],
    );
    check(
        "#one",
        "expires_on = [\"06-31\"]",
        &["certification \"one\" › expires_on 1: \"06-31\" is not a day of the year"],
    );
    check("#one", "expires_on = [\"02-29\", \"12-31\"]", &[]);
    check(
        "#two",
        "expires_on = [\"06-30\"]",
        &["certification \"two\" › expires_on: has no meaning without a validity"],
    );
    check("#two", "validity = \"0d\"", &["certification \"two\" › validity: must be at least a day"]);
    check(
        "#two",
        "validity = \"101y\"",
        &["certification \"two\" › validity: \"101y\" is too long; at most \"100y\" is allowed"],
    );
    check(
        "#essay",
        "[certification.renewal]\ngrace = \"60d\"\nstreamlined = \"30d\"",
        &["certification \"two\" › renewal: `streamlined` (30d) ends before `grace` (60d) does"],
    );
    check(
        "#essay",
        "[[certification.requirement]]\nid = \"t\"\nkind = \"training\"\npass = 5",
        &["certification \"two\" › requirement \"t\" › pass: only exams and reviews have a pass mark"],
    );
    check(
        "#essay",
        "rubric = [{ id = \"a\", name = \"A\", pass = 50 }, { id = \"a\", name = \"B\" }]",
        &[
            "certification \"two\" › requirement \"essay\" › rubric 2 › id: \"a\" is already the id of another criterion",
        ],
    );
}

#[test]
fn the_vendor() {
    let issuer = |line: &str| BASE.replace("email = \"c@i.example\"", line);
    for (line, expected) in [
        ("email = \"c.i.example\"", "issuer › email: \"c.i.example\" is not an e-mail address"),
        (
            "email = \"c@i.example\"\nprivacy_url = \"ftp://i.example\"",
            "issuer › privacy_url: \"ftp://i.example\" is not a web address",
        ),
        (
            "email = \"c@i.example\"\nlinkedin_organization_id = \"acme\"",
            "issuer › linkedin_organization_id: must be digits only",
        ),
        (
            "email = \"c@i.example\"\nreport_url = \"mailto:x\"",
            "issuer › report_url: \"mailto:x\" is not a web address",
        ),
        (
            "email = \"c@i.example\"\n[privacy]\nname = \"short\"",
            "privacy › name: must be one of full, initials, none, not \"short\"",
        ),
    ] {
        let faults = Program::parse(&issuer(line)).unwrap_err();
        let said: Vec<_> = faults.list().iter().map(|f| format!("{}: {}", f.path, f.message)).collect();
        assert_eq!(said, [expected]);
    }
    let languages = BASE.replace("name = \"P\"", "name = \"P\"\nlanguages = [\"en\", \"English\"]");
    assert!(Program::parse(&languages).unwrap_err().to_string().contains("\"English\" is not a language tag"));
}

#[test]
fn lines_of_firms() {
    let line = |text: &str| format!("require = [{{ {text} }}]");
    let at = "tier \"gold\" › require 1";
    check("#gold", &line("people = 2, track = \"sales\", level = \"high\", area = \"suite\", exclusive = true"), &[]);
    check("#gold", &line("share = 50, role = \"seller\", certification = \"one\""), &[]);
    check("#gold", &line("share = 50, certification = \"one\""), &[&format!("{at} › role: is required, but missing")]);
    check("#gold", &line("any = [{ tier = \"silver\" }, { document = \"d\", count = 2, over = \"1y\" }]"), &[]);
    check("#gold", &line("count = 2"), &[&format!("{at}: a line needs a subject")]);
    check(
        "#gold",
        &line("people = 2, tier = \"silver\""),
        &[&format!("{at}: a line has exactly one subject, this one has people and tier")],
    );
    check("#gold", &line("people = 2"), &[&format!("{at}: does not say which people count")]);
    check(
        "#gold",
        &line("people = 2, certification = \"one\", level = \"high\""),
        &[&format!("{at}: names a certification and also level")],
    );
    check("#gold", &line("metric = \"csat\""), &[&format!("{at}: a metric needs `at_least` or `at_most`")]);
    check(
        "#gold",
        &line("metric = \"csat\", at_least = 5, at_most = 4"),
        &[&format!("{at}: nothing is at least 5 and at most 4")],
    );
    check("#gold", &line("tier = \"gold\""), &["tier \"gold\": needs \"tier gold\": nobody could ever get there"]);
    check("#gold", &line("any = []"), &[&format!("{at} › any: must have at least one line")]);
    let deep = "any = [{ ".repeat(5) + "tier = \"silver\"" + &" }]".repeat(5);
    let said = Program::parse(&with("#gold", &line(&deep))).unwrap_err();
    assert!(said.to_string().contains("nested more than 4 deep"), "{said}");
}

#[test]
fn accreditations_and_upkeep() {
    let accreditation =
        "[[accreditation]]\nid = \"a\"\nname = \"A\"\nkind = \"technical\"\ndescription = \"D\"\ncriteria = \"C\"\n";
    let own = "require = [{ document = \"d\" }]\nvalidity = \"1y\"\n";
    let program = parsed("#end", &format!("{accreditation}{own}"));
    let [a] = &program.accreditations[..] else { panic!("one accreditation") };
    assert_eq!(a.approval, 1);
    assert!(matches!(a.renewal.as_ref().unwrap().require[..], [Line::Document { count: 1, review: true, .. }]));
    check("#end", accreditation, &["accreditation \"a\" › require: is required, but missing"]);
    check(
        "#end",
        &format!("{accreditation}require = []"),
        &["accreditation \"a\" › require: must have at least one line"],
    );
    check(
        "#end",
        &format!("{accreditation}require = [{{ tier = \"gold\" }}]\n[accreditation.renewal]\nany_of = [[\"exam\"]]"),
        &["accreditation \"a\" › renewal › any_of: unknown key"],
    );
    let upkeep = "[[accreditation.upkeep]]\nevery = \"6mo\"\nrequire = [{ tier = \"gold\" }]\nremedy = { training = ";
    check("#end", &format!("{accreditation}{own}{upkeep}\"course\", within = \"30d\" }}"), &[]);
    check(
        "#end",
        &format!("{accreditation}{own}{upkeep}\"exam\", within = \"30d\" }}"),
        &["accreditation \"a\" › upkeep 1 › remedy › training: there is no training \"exam\""],
    );
    let upkeep =
        "[[certification.upkeep]]\nevery = \"1y\"\nany_of = [[\"exam\"]]\nremedy = { within = \"30d\", training = ";
    check("#exam", &format!("{upkeep}\"course\" }}"), &[]);
    check(
        "#exam",
        &format!("{upkeep}\"exam\" }}"),
        &["certification \"one\" › upkeep 1 › remedy › training: \"exam\" is not a training"],
    );
    check(
        "#exam",
        "[[certification.upkeep]]\nany_of = [[\"exam\"]]",
        &["certification \"one\" › upkeep 1 › every: is required, but missing"],
    );
}

#[test]
fn positions_count_characters() {
    let text = with("#two", "skills = [{ name = \"Ähnlich\", url = \"x\" }]");
    let faults = Program::parse(&text).unwrap_err();
    let line = text.lines().position(|l| l.starts_with("skills")).unwrap() + 1;
    assert_eq!((faults.list()[0].line, faults.list()[0].column), (line, 37));
}
