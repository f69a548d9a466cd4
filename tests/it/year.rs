//! A year of a program as a new user lives it, with the built command: what comes in, what time brings, what was true.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use assay::clock::{Clock as _, SystemClock, rfc3339};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::pictures::scan;
use crate::support::binary::{Home, until};

const PEOPLE: usize = 500;
const HEADER: &str = "Full name;E-mail;Course;Result;Score;Completed on";
const MAP: [&str; 12] = [
    "--map",
    "Full name=name",
    "--map",
    "E-mail=email",
    "--map",
    "Course=requirement",
    "--map",
    "Result=outcome",
    "--map",
    "Completed on=at",
    "--certification",
    "sales-associate",
];

/// The day this many days ago; the year shall not turn on what the time of the day is.
fn ago(days: u64) -> NaiveDate {
    SystemClock.now().date_naive() - Days::new(days)
}

/// What a learning platform exports: for each person the course and the exam; three rows hold what cannot be.
fn export(corrected: bool) -> String {
    let mut file = format!("\u{feff}{HEADER}\r\n");
    let (course, exam) = (ago(3), ago(2));
    for n in 1..=PEOPLE {
        let _ = write!(file, "Person {n};p{n}@partner.example;sales-101;completed;;{course}\r\n");
        let (email, requirement, score) = match n {
            7 if !corrected => ("p7@partner.example".to_owned(), "exam", "184"),
            8 if !corrected => ("p8".to_owned(), "exam", "84"),
            9 if !corrected => ("p9@partner.example".to_owned(), "exm", "84"),
            n => (format!("p{n}@partner.example"), "exam", "84"),
        };
        let _ = write!(file, "Person {n};{email};{requirement};passed;{score};{exam}\r\n");
    }
    file
}

/// `awarded     497` and its like, by their first word.
fn counts(table: &str) -> BTreeMap<&str, usize> {
    table
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?.parse().ok()?))
        })
        .collect()
}

#[track_caller]
fn file(home: &Home, name: &str, content: &str) {
    fs::write(home.folder().join(name), content).unwrap();
}

/// The number of the award that a person holds or held.
#[track_caller]
fn number(home: &Home, email: &str) -> String {
    let shown = home.run(&["standing", "--email", email, "--json"]).done();
    let standing: Value = serde_json::from_str(&shown.stdout).unwrap();
    standing["standings"][0]["award"]["number"].as_str().unwrap().to_owned()
}

fn letters(home: &Home) -> usize {
    fs::read_dir(home.data().join("mail")).map_or(0, |files| {
        files.filter(|file| file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|e| e == "eml"))).count()
    })
}

#[test]
fn an_export_of_a_thousand_results_becomes_awards_letters_and_a_year_to_come() {
    let home = Home::new();
    file(&home, "export.csv", &export(false));
    let import = |more: &[&str]| home.run(&[&["import", "export.csv"], &MAP[..], more].concat());

    let faults = [
        "line 15, column 5 \"Score\": \"184\" must be from 0 to 100",
        "line 17, column 2 \"E-mail\": \"p8\" is no mail address",
        "line 19, column 3 \"Course\": ",
    ];
    let looked = import(&["--dry-run"]);
    assert_eq!(counts(&looked.stdout), BTreeMap::from([("rows", 1000), ("good", 997), ("bad", 3), ("known", 0)]));
    import(&[]).refused(&faults).refused(&["3 of 1000 rows cannot be imported; nothing was written", "--partial"]);
    let partly = import(&["--partial", "--result", "done.csv"]).done();
    for fault in faults {
        assert!(partly.stderr.contains(fault), "{fault} is not in {}", partly.stderr);
    }
    let expected = [("rows", 1000), ("awarded", 497), ("withheld", 500), ("refused", 3), ("known", 0)];
    assert_eq!(counts(&partly.stdout), BTreeMap::from(expected));
    let done = fs::read_to_string(home.folder().join("done.csv")).unwrap();
    assert_eq!(done.lines().filter(|line| line.contains(",awarded,")).count(), 497);

    // The corrected file, whole: only what is new changes anything.
    file(&home, "export.csv", &export(true));
    let whole = import(&[]).done();
    assert_eq!((counts(&whole.stdout)["rows"], counts(&whole.stdout)["known"]), (1000, 997), "{}", whole.stdout);

    // What comes: three reminders, the end, the end of grace, for each of them; and nothing has happened by that.
    let day = (SystemClock.now().date_naive() + Days::new(400)).to_string();
    let year = home.run(&["clock", "--to", &day, "--json"]).done();
    let mut kinds = BTreeMap::new();
    for line in year.stdout.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        *kinds.entry(line["type"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    let expected = [("award.reminder", 3 * PEOPLE), ("award.expired", PEOPLE), ("award.grace_ended", PEOPLE)];
    assert_eq!(kinds, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
    assert_eq!(letters(&home), 0);

    home.run(&["clock"]).done();
    assert_eq!(letters(&home), PEOPLE);
    assert_eq!(home.run(&["clock"]).done().stdout.trim(), "Nothing was due.");
}

#[test]
fn who_failed_three_times_reads_when_she_may_try_again() {
    let home = Home::empty();
    let program = home.folder().join("partner-framework.toml");
    let rules = fs::read_to_string(&program).unwrap();
    fs::write(&program, rules.replacen("attempts = 3\n", "attempts = 3\nthen = \"90d\"\n", 2)).unwrap();
    home.init().done();

    let mut rows = "name,email,certification,requirement,outcome,score,at\n".to_owned();
    let eve = "Eve Roy,eve@partner.example,sales-associate";
    let _ = writeln!(rows, "{eve},sales-101,completed,,{}", ago(60));
    for (days, score) in [(50, 51), (40, 61), (2, 65)] {
        let _ = writeln!(rows, "{eve},exam,failed,{score},{}", ago(days));
    }
    file(&home, "eve.csv", &rows);
    home.run(&["import", "eve.csv"]).done();
    let shown = home.run(&["standing", "--email", "eve@partner.example"]).done().stdout;
    let again = ago(2) + Days::new(90);
    for words in [
        "Exam: 51 % reported, 70 % needed. Attempt 1 of 3.",
        "Exam: 61 % reported, 70 % needed. Attempt 2 of 3.",
        "Exam: 65 % reported, 70 % needed. Attempt 3 of 3",
        &format!("may be taken from {}", again.format("%-d %B %Y")),
        &format!("next        Exam: another attempt counts from {again}"),
    ] {
        assert!(shown.contains(words), "{words:?} is not in:\n{shown}");
    }
    // Tomorrow's exam would not count; one that somebody grants does.
    let exam = |day| format!("name,email,certification,requirement,outcome,score,at\n{eve},exam,passed,91,{day}\n");
    file(&home, "early.csv", &exam(ago(1)));
    assert_eq!(counts(&home.run(&["import", "early.csv"]).done().stdout)["withheld"], 1);
    let grant =
        ["exception", "grant", "attempt", "--email", "eve@partner.example", "--reason", "the site had no power"];
    home.run(&[&grant[..], &["--certification", "sales-associate", "--requirement", "exam"]].concat()).done();
    let taken = json!({
        "id": "granted", "person": { "name": "Eve Roy", "email": "eve@partner.example" },
        "certification": "sales-associate", "requirement": "exam", "outcome": "passed", "score": 91,
        "at": rfc3339(SystemClock.now()),
    });
    file(&home, "granted.json", &taken.to_string());
    home.run(&["result", "submit", "granted.json"]).done();
    let shown = home.run(&["standing", "--email", "eve@partner.example"]).done().stdout;
    assert!(shown.contains("state       valid"), "{shown}");
}

/// One whose year began then, taken in as history.
#[track_caller]
fn held_since(home: &Home, name: &str, days: u64) -> String {
    let person = format!("Person {name},{name}@partner.example,sales-associate");
    let (course, exam) = (ago(days + 1), ago(days));
    file(
        home,
        "history.csv",
        &format!(
            "name,email,certification,requirement,outcome,score,at\n\
             {person},sales-101,completed,,{course}\n{person},exam,passed,84,{exam}\n"
        ),
    );
    home.run(&["import", "history.csv", "--history"]).done();
    number(home, &format!("{name}@partner.example"))
}

/// What must never change on a page: its addresses, and what LinkedIn was told to show. The dates of the term may.
fn links(page: &str) -> Vec<String> {
    let found = page.split(['"', '\'']).filter(|text| text.starts_with("http") || text.starts_with('/'));
    let lasting = found.flat_map(|link| {
        let moving = ["expirationYear", "expirationMonth"];
        link.split("&#38;").filter(move |part| !moving.iter().any(|name| part.starts_with(name)))
    });
    lasting.map(str::to_owned).collect()
}

#[test]
fn who_renews_early_keeps_number_address_symbol_and_linkedin_link() {
    let home = Home::new();
    let award = held_since(&home, "ana", 330);
    let service = home.serve();
    let id = award.replace('-', "");
    let (page, picture) = (format!("/v/{id}"), format!("/badges/{id}.png"));
    let before = service.get(&page).expect(200).text();
    let symbol = scan(&service.get(&picture).expect(200).body, 255).expect("a symbol that scans");
    assert_eq!(symbol, format!("HTTPS://BADGES.NORTHWIND.EXAMPLE/V/{id}"));
    let term = |home: &Home| -> (String, String) {
        let shown = home.run(&["award", "show", &award, "--json"]).done();
        let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
        let text = |member: &str| shown[member].as_str().unwrap().to_owned();
        (text("number"), text("valid_until"))
    };
    let (_, old_end) = term(&home);

    let update = format!("Person ana,ana@partner.example,sales-associate,annual-update,completed,{}", ago(1));
    file(&home, "update.csv", &format!("name,email,certification,requirement,outcome,at\n{update}\n"));
    let imported = home.run(&["import", "update.csv"]).done();
    assert_eq!(counts(&imported.stdout)["renewed"], 1, "{}", imported.stdout);

    // A year from the old end, not from today.
    let (number, new_end) = term(&home);
    let year = |end: &str| end[..4].parse::<i32>().unwrap();
    assert_eq!((&number, year(&new_end)), (&award, year(&old_end) + 1), "{old_end} {new_end}");
    let after = service.get(&page).expect(200).text();
    assert_ne!(before, after);
    assert_eq!(links(&before), links(&after));
    assert!(links(&after).contains(&format!("certId={award}")), "{after}");
    assert_eq!(scan(&service.get(&picture).expect(200).body, 255), Some(symbol));

    // The letter that says so lies in the folder, and nothing was mailed about what is history.
    until(|| letters(&home) == 1);
    let letter = fs::read_dir(home.data().join("mail")).unwrap().next().unwrap().unwrap();
    let letter = fs::read_to_string(letter.path()).unwrap();
    assert!(letter.contains("<ana@partner.example>") && letter.contains(&format!("Number: {award}")), "{letter}");
}

#[test]
fn a_page_says_since_when_an_award_is_over_and_what_was_true_before() {
    let home = Home::new();
    let award = held_since(&home, "lars", 1_000);
    let service = home.serve();
    let page = format!("/v/{}", award.replace('-', ""));
    let since = ago(1_000).checked_add_months(chrono::Months::new(12)).unwrap();
    let words = since.format("%-d %B %Y");
    let now = service.get(&page).expect(200).text();
    assert!(now.contains(&format!("<b>Expired on {words}</b>")), "{now}");
    let shown = home.run(&["standing", "--email", "lars@partner.example"]).done().stdout;
    assert!(shown.contains("state       lapsed") && shown.contains(&format!("until       {since}")), "{shown}");

    let then = ago(800);
    let past = service.get(&format!("{page}?at={then}")).expect(200).text();
    let valid = format!("On {} it was valid, as recorded by today.", then.format("%-d %B %Y"));
    assert!(past.contains(&format!("<b>Expired on {words}</b>")) && past.contains(&valid), "{past}");
    let before = home.run(&["verify", &award, "--at", &ago(1_100).to_string()]);
    assert!(before.code != 0 && !before.stdout.contains("Valid."), "{}", before.stdout);
    let known = home.run(&["verify", &award, "--at", &then.to_string(), "--known", &then.to_string()]);
    assert!(known.stdout.contains("nothing of it had been recorded"), "{}", known.stdout);
    assert_ne!(known.code, 0);
}
