//! CSV files: how they are read, and every fault with its exact words.

use assay::intake::csv::{FileFault, Rows, Settings};
use assay::program::Program;

use crate::support::app::{NOW, PROGRAM};

const HEAD: &str = "name,email,certification,requirement,outcome,score,at\n";
const ANA: &str = "Ana Lopes,ana@partner.example,sales-associate,exam,passed,84,2026-11-02\n";

/// Each row: the submission as JSON, or its faults as text.
fn rows_of(file: &[u8], settings: Settings) -> Result<Vec<Result<serde_json::Value, String>>, FileFault> {
    let program = Program::parse(PROGRAM).unwrap();
    let mut rows = Rows::open(file, settings, &program, NOW.parse().unwrap())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next_row()? {
        found.push(match row.content {
            Ok(submission) => Ok(serde_json::to_value(submission).unwrap()),
            Err(faults) => Err(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        });
    }
    Ok(found)
}

fn mapped(maps: &[&str]) -> Settings {
    Settings { map: maps.iter().map(|map| Settings::mapping(map).unwrap()).collect(), ..Settings::default() }
}

#[track_caller]
fn check_rows(file: &str, expected: &[&str]) {
    let faults: Vec<String> = rows_of(file.as_bytes(), Settings::default())
        .unwrap_or_else(|fault| panic!("{fault}"))
        .into_iter()
        .filter_map(Result::err)
        .collect();
    assert_eq!(faults, expected, "{file}");
}

#[track_caller]
fn check_file(file: impl AsRef<[u8]>, expected: &str) {
    let fault = rows_of(file.as_ref(), Settings::default()).expect_err("a file that cannot be read");
    assert_eq!(fault.to_string(), expected);
}

#[test]
fn separators_marks_and_line_ends_make_no_difference() {
    let plain = rows_of(format!("{HEAD}{ANA}").as_bytes(), Settings::default()).unwrap();
    assert!(plain[0].is_ok(), "{plain:?}");
    for file in [
        format!("\u{feff}{HEAD}{ANA}"),
        format!("{HEAD}{ANA}").replace(',', ";"),
        format!("{HEAD}{ANA}").replace(',', "\t"),
        format!("{HEAD}{ANA}").replace('\n', "\r\n"),
        format!("{HEAD}{ANA}").replace('\n', "\r"),
        format!("sep=;\r\n{}", format!("{HEAD}{ANA}").replace(',', ";")),
        format!("{HEAD}{ANA}").trim_end().to_owned(),
        format!("{HEAD}\n\n{ANA}\n,,,,,,\n\n"),
        format!("{HEAD}{ANA}").replace("Ana Lopes", "\"Ana Lopes\""),
        format!("{HEAD}{ANA}").replace("Ana Lopes", "  Ana Lopes "),
        format!("{HEAD}{ANA}").replace("partner.example", "Partner.Example"),
        format!("{HEAD}{ANA}").replace("84", "84.0 %"),
        format!("{HEAD}{ANA}").replace("passed", "Pass"),
        format!("{HEAD}{ANA}")
            .replace("name,", "Recipient Name,")
            .replace("email", "E-Mail")
            .replace(",at", ",Completed on"),
    ] {
        assert_eq!(rows_of(file.as_bytes(), Settings::default()).unwrap(), plain, "{file:?}");
    }
}

#[test]
fn a_row_says_who_what_when() {
    let file = "ID,First name,Last name,User ID,Certification,Requirement,Grade/50.00,Date,Color\n\
                7,Ana,\"Lopes, \"\"A\"\"\",4711,,,\"41,5\",2026-11-02T14:30:00+01:00,blue\n";
    let settings = Settings {
        certification: Some("sales-associate".parse().unwrap()),
        requirement: Some("exam".parse().unwrap()),
        source: Some("moodle".to_owned()),
        ..Settings::default()
    };
    let expected = serde_json::json!({
        "id": "moodle/7", "certification": "sales-associate", "requirement": "exam", "outcome": "passed",
        "person": { "name": "Ana Lopes, \"A\"", "external": [{ "system": "moodle", "id": "4711" }] },
        "score": 41.5, "max": 50, "at": "2026-11-02T13:30:00Z",
    });
    assert_eq!(rows_of(file.as_bytes(), settings).unwrap(), [Ok(expected)]);
}

#[test]
fn a_day_without_a_time_is_its_first_moment_in_the_time_zone_of_the_program() {
    let rows = rows_of(format!("{HEAD}{ANA}").as_bytes(), Settings::default()).unwrap();
    let program = Program::parse(PROGRAM).unwrap();
    let day = "2026-11-02".parse().unwrap();
    let begins = assay::clock::rfc3339(assay::program::duration::start_of_day(day, program.timezone));
    assert_eq!(rows[0].as_ref().unwrap()["at"], begins);
}

#[test]
fn a_score_tells_the_outcome_where_the_program_has_a_pass_mark() {
    let head = "name,email,certification,requirement,score,at\n";
    let of = |score: &str| format!("{head}Ana,ana@partner.example,sales-associate,exam,{score},2026-11-02\n");
    for (score, expected) in [("70", "passed"), ("69.9", "failed"), ("0", "failed")] {
        let rows = rows_of(of(score).as_bytes(), Settings::default()).unwrap();
        assert_eq!(rows[0].as_ref().unwrap()["outcome"], expected, "{score}");
    }
    let missing = "line 2: the outcome is missing; write passed, failed or completed";
    check_rows(&of(""), &[missing]);
    check_rows(&of("84").replace(",exam,", ",sales-101,"), &[missing]);
}

#[test]
fn the_id_is_the_same_in_every_file_and_another_for_another_result() {
    let id = |file: &str| rows_of(file.as_bytes(), Settings::default()).unwrap()[0].clone().unwrap()["id"].clone();
    let plain = format!("{HEAD}{ANA}");
    let first = id(&plain);
    assert!(first.as_str().unwrap().starts_with("row-"), "{first}");
    assert_eq!(id(&plain.replace("84", "90")), first, "the same person, requirement and moment");
    assert_eq!(id(&plain.replace("ana@", "ANA@")), first);
    assert_ne!(id(&plain.replace("2026-11-02", "2026-11-03")), first);
    assert_ne!(id(&plain.replace("ana@", "bea@")), first);
    assert_ne!(id(&plain.replace(",exam,", ",sales-101,").replace("passed", "completed")), first);
}

#[test]
fn every_fault_of_a_row_says_where_it_is_and_what_to_do() {
    let with = |from: &str, to: &str| format!("{HEAD}{}", ANA.replace(from, to));
    for (file, expected) in [
        (
            with("Ana Lopes", ""),
            "line 2, column 1 \"name\": the name is missing; write it as it shall stand on the credential",
        ),
        (
            with("ana@partner.example", ""),
            "line 2, column 2 \"email\": the mail address or id of the person is missing; fill it in",
        ),
        (
            with("ana@partner.example", "ana at partner"),
            "line 2, column 2 \"email\": \"ana at partner\" is no mail address; write it as name@firm.example",
        ),
        (
            with("sales-associate", "sales"),
            "line 2, column 3 \"certification\": the program has no certification \"sales\"; take its id from the catalogue",
        ),
        (
            with("sales-associate", ""),
            "line 2, column 3 \"certification\": the certification is missing; fill in its id",
        ),
        (
            with(",exam,", ",essay,"),
            "line 2, column 4 \"requirement\": sales-associate has no requirement \"essay\"; it has: sales-101, exam, annual-update",
        ),
        (with(",exam,", ",,"), "line 2, column 4 \"requirement\": the requirement is missing; fill in its id"),
        (
            with("passed", "bestanden"),
            "line 2, column 5 \"outcome\": \"bestanden\" is no outcome; write passed, failed or completed",
        ),
        (with("84", "eighty"), "line 2, column 6 \"score\": \"eighty\" is no number; write it as 84 or 84.5"),
        (with("84", "\"1,000\""), "line 2, column 6 \"score\": \"1,000\" is no number; write it as 84 or 84.5"),
        (with("84", "1e3"), "line 2, column 6 \"score\": \"1e3\" is no number; write it as 84 or 84.5"),
        (with("84", "NaN"), "line 2, column 6 \"score\": \"NaN\" is no number; write it as 84 or 84.5"),
        (
            with("84", "184"),
            "line 2, column 6 \"score\": \"184\" must be from 0 to 100; correct the score, or say what could be reached in a column max",
        ),
        (
            with("84", "-1"),
            "line 2, column 6 \"score\": \"-1\" must be from 0 to 100; correct the score, or say what could be reached in a column max",
        ),
        (
            with("2026-11-02", ""),
            "line 2, column 7 \"at\": the date is missing; write it as 2026-11-20 or 2026-11-20T14:30:00+01:00",
        ),
        (
            with("2026-11-02", "01/02/2026"),
            "line 2, column 7 \"at\": \"01/02/2026\" is no date that has one meaning only; write it as 2026-11-20 or 2026-11-20T14:30:00+01:00",
        ),
        (
            with("2026-11-02", "2.11.2026"),
            "line 2, column 7 \"at\": \"2.11.2026\" is no date that has one meaning only; write it as 2026-11-20 or 2026-11-20T14:30:00+01:00",
        ),
        (
            with("2026-11-02", "2026-02-30"),
            "line 2, column 7 \"at\": \"2026-02-30\" is no date that has one meaning only; write it as 2026-11-20 or 2026-11-20T14:30:00+01:00",
        ),
        (
            with("2026-11-02", "2026-11-02 14:30:00"),
            "line 2, column 7 \"at\": \"2026-11-02 14:30:00\" has no time zone; write it as 2026-11-20T14:30:00+01:00, or leave the time out",
        ),
        (
            with("2026-11-02", "2027-11-02"),
            "line 2, column 7 \"at\": \"2027-11-02\" lies in the future; correct the date",
        ),
        (
            with("2026-11-02", "1850-11-02"),
            "line 2, column 7 \"at\": \"1850-11-02\" lies before 1900; correct the date",
        ),
        (
            with("Ana", "=cmd|' /C calc'!A0,Ana"),
            "line 2: the row has 8 cells, the header 7; put cells that hold a separator or a quotation mark in quotation marks",
        ),
        (
            with("Ana Lopes", &"a".repeat(201)),
            &format!(
                "line 2, column 1 \"name\": \"{}…\" has 201 characters, more than 200; correct it",
                "a".repeat(40)
            ),
        ),
        (
            with("Ana Lopes", &"a".repeat(10_241)),
            "line 2, column 1 \"name\": has 10241 bytes, more than 10240; shorten it",
        ),
    ] {
        check_rows(&file, &[expected]);
    }
}

#[test]
fn all_faults_of_all_rows_are_told_in_order() {
    let file = format!(
        "{HEAD}{ANA}\n,x,sales,exam,passed,84,2026-11-02\n\"A\nB\",b@x.example,sales-associate,exam,passed,x,y\n"
    );
    check_rows(
        &file,
        &[
            "line 4, column 1 \"name\": the name is missing; write it as it shall stand on the credential\n\
             line 4, column 3 \"certification\": the program has no certification \"sales\"; take its id from the catalogue",
            "line 5, column 7 \"at\": \"y\" is no date that has one meaning only; write it as 2026-11-20 or 2026-11-20T14:30:00+01:00\n\
             line 5, column 6 \"score\": \"x\" is no number; write it as 84 or 84.5",
        ],
    );
    check_rows(
        &file.replace('\n', "\r\n").replace("\"A\r\nB\"", "AB"),
        &[
            "line 4, column 1 \"name\": the name is missing; write it as it shall stand on the credential\n\
         line 4, column 3 \"certification\": the program has no certification \"sales\"; take its id from the catalogue",
            "line 5, column 7 \"at\": \"y\" is no date that has one meaning only; write it as 2026-11-20 or 2026-11-20T14:30:00+01:00\n\
         line 5, column 6 \"score\": \"x\" is no number; write it as 84 or 84.5",
        ],
    );
}

#[test]
fn the_same_row_twice_is_one_result_and_a_contradiction_is_a_fault() {
    check_rows(&format!("{HEAD}{ANA}{ANA}"), &[]);
    check_rows(
        &format!("{HEAD}{ANA}{}", ANA.replace("84", "85")),
        &[
            "line 3: says otherwise than line 2, which is about the same person, requirement and moment; keep one of them, \
           or give each attempt an id of its own",
        ],
    );
    let with_id = format!("id,{HEAD}7,{ANA}7,{}", ANA.replace("2026-11-02", "2026-11-03"));
    check_rows(
        &with_id,
        &[
            "line 3, column 1 \"id\": says otherwise than line 2, which has the same id; keep one of them, or give each \
           attempt an id of its own",
        ],
    );
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    check_file("", "the file is empty; its first line must name the columns, as the template does");
    check_file("\u{feff}", "the file is empty; its first line must name the columns, as the template does");
    check_file(b"\xff\xfen\x00a\x00", "the file is not UTF-8; save it as \"CSV UTF-8\"");
    check_file(b"name,\xe4\n", "the file is not UTF-8; save it as \"CSV UTF-8\"");
    check_file(
        "name,score\nAna,84\n",
        "no column holds the mail address or another id of the person; map one to email, or rename it; the file has: \"name\", \"score\"",
    );
    check_file(
        "email,at\n",
        "no column holds the name of the person; map one to name, or rename it; the file has: \"email\", \"at\"",
    );
    check_file(
        "name,email,exam,outcome,at\n",
        "no column holds the certification; map one to certification, or rename it; the file has: \"name\", \"email\", \"exam\", \"outcome\", \"at\"",
    );
    check_file(
        "name,email,certification,outcome,at\n",
        "no column holds the requirement; map one to requirement, or rename it; the file has: \"name\", \"email\", \"certification\", \"outcome\", \"at\"",
    );
    check_file(
        "name,email,certification,requirement,at\n",
        "no column holds the outcome or the score; map one to outcome, or rename it; the file has: \"name\", \"email\", \"certification\", \"requirement\", \"at\"",
    );
    check_file(
        "name,email,certification,requirement,outcome\n",
        "no column holds the date; map one to at, or rename it; the file has: \"name\", \"email\", \"certification\", \"requirement\", \"outcome\"",
    );
    check_file(
        HEAD.replace("name", "name,Full Name"),
        "the columns \"name\" and \"Full Name\" both hold name; map the right one to it",
    );
    check_file("a,".repeat(100) + "b\n", "the file has 101 columns, more than 100; leave out what is not needed");
    check_file(
        format!("{HEAD}{ANA}\"Ana{}", "x\n".repeat(200_000)),
        "the row that begins in line 3 has more than 64 kB; look for a quotation mark that is not closed",
    );
    check_file(
        "\"".to_owned() + &"x".repeat(200_000),
        "the row that begins in line 1 has more than 64 kB; look for a quotation mark that is not closed",
    );
}

#[test]
fn a_cell_that_is_no_text_is_a_fault_of_its_row() {
    let mut file = format!("{HEAD}{ANA}").into_bytes();
    let at = file.windows(5).position(|w| w == b"Lopes").unwrap();
    file[at] = 0xe4;
    let rows = rows_of(&file, Settings::default()).unwrap();
    assert_eq!(rows, [Err("line 2, column 1 \"name\": is not UTF-8; save the file as \"CSV UTF-8\"".to_owned())]);
}

#[test]
fn a_mapping_names_a_column_and_a_field_that_exist() {
    let file = format!("{HEAD}{ANA}").replace("name,email", "Wer,Wohin");
    assert!(rows_of(file.as_bytes(), mapped(&["Wer=name", "Wohin = email"])).unwrap()[0].is_ok());
    let fault = |maps: &[&str]| rows_of(file.as_bytes(), mapped(maps)).unwrap_err().to_string();
    assert_eq!(
        fault(&["Was=name"]),
        "the file has no column \"Was\"; it has: \"Wer\", \"Wohin\", \"certification\", \"requirement\", \"outcome\", \"score\", \"at\""
    );
    assert_eq!(
        Settings::mapping("Wer").unwrap_err().to_string(),
        "\"Wer\" is no mapping; write it as column=field, such as \"E-Mail=email\""
    );
    assert!(
        Settings::mapping("Wer=nom")
            .unwrap_err()
            .to_string()
            .starts_with("there is no field \"nom\"; there are: id, name, ")
    );
}

#[test]
fn exported_cells_are_no_formulas() {
    for (text, expected) in [
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a=b", "a=b"),
        ("", ""),
    ] {
        assert_eq!(assay::intake::csv::cell(text), expected);
    }
    let record = assay::intake::csv::record(&["a,b".to_owned(), "say \"x\"".to_owned(), "=x;".to_owned()]);
    assert_eq!(record, "\"a,b\",\"say \"\"x\"\"\",\"'=x;\"\r\n");
    assert_eq!(
        assay::intake::csv::template(),
        "id,name,first_name,last_name,email,person_id,system,certification,requirement,outcome,score,max,minutes,proctoring,at,by,region,form,site,evidence_name,evidence_url,piece\r\n"
    );
}
