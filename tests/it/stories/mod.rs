//! Six programs and what happens in them: each story is a program file and a table of dated rows, told through the API.

mod acts;
mod answer;
mod story;
mod teller;
mod tests;
mod waits;

use story::{Row, parse};
use teller::Teller;

/// The starter program, as it ships.
const PARTNER_FRAMEWORK: &str = crate::support::app::PROGRAM;

macro_rules! stories {
    ($($name:ident: $program:expr;)*) => {
        /// Name, program and rows.
        const STORIES: &[(&str, &str, &str)] =
            &[$((stringify!($name), $program, include_str!(concat!(stringify!($name), ".story")))),*];

        $(#[tokio::test]
        async fn $name() {
            assert_told(stringify!($name), $program, include_str!(concat!(stringify!($name), ".story"))).await;
        })*
    };
}

stories! {
    a_partner_framework: PARTNER_FRAMEWORK;
    b_five_steps: include_str!("b_five_steps.toml");
    c_app_store: include_str!("c_app_store.toml");
    d_managed_service: include_str!("d_managed_service.toml");
    e_agency: include_str!("e_agency.toml");
    f_distributor: include_str!("f_distributor.toml");
}

/// Every row that did not come out as it is written is shown, and the story fails.
async fn assert_told(name: &str, program: &str, story: &str) {
    let rows = parse(story).unwrap_or_else(|nonsense| panic!("{name}.story, {nonsense}"));
    let wrong = tell(name, program, &rows).await;
    assert!(wrong.is_empty(), "{} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

async fn tell(name: &str, program: &str, rows: &[Row]) -> Vec<String> {
    let mut teller = Teller::new(program).await;
    let mut wrong = Vec::new();
    for row in rows {
        let got = teller.tell(row).await;
        let (expected, got) = match (&row.expected, got) {
            (Some(expected), Ok(Some(got))) if expected.is_met_by(&got) => continue,
            (None, Ok(_)) => continue,
            (expected, got) => {
                let expected = expected.as_ref().map_or("done".to_owned(), ToString::to_string);
                (expected, got.map_or_else(|e| e, |got| got.map_or("nothing".to_owned(), |got| got.to_string())))
            }
        };
        let Row { line, text, .. } = row;
        wrong.push(format!("{name}.story, line {line}: {text}\n  expected: {expected}\n  got:      {got}"));
    }
    wrong
}
