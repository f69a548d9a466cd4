//! `verify`: a badge in any form, or a folder of them, into a report and an exit code.

mod folder;
mod judge;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use self::judge::{Judge, Question};
use super::args::{Place, When};
use super::failure::{Exit, Hinted, print, print_lines};
use super::open::read_input;
use crate::id::AwardId;
use crate::verification::{CheckOutcome, MAXIMUM_PICTURE, Report, Verdict};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    assay verify badge.png\n  \
    assay verify https://badges.example/credentials/7K3QX9M2TR4HB6WD\n  \
    assay verify photo-of-a-printed-badge.jpg --holder ana@partner.example\n  \
    assay verify received/ --report report.csv\n\n\
    Reads Open Badges 3.0, 2.0 and 1.x and other verifiable credentials, as JSON, as a signed text (JWT), baked into a PNG or \
    SVG, or behind a QR code; and receipts of earlier checks.\n\n\
    Exit codes: 0 valid, 1 failed, 2 usage, 3 not valid, 4 inconclusive or untrusted issuer. Of a folder: 3 if one is not \
    valid, else 4 if one is inconclusive or of an untrusted issuer. Of the service's own awards they tell what is true today, \
    also with --at.")]
pub(super) struct Verify {
    /// A file, a folder, an address, a number, or - for standard input.
    what: String,
    #[command(flatten)]
    when: When,
    /// Whom it is said to belong to, such as a mail address: checked against the badge.
    #[arg(long, value_name = "WHO")]
    holder: Option<String>,
    /// Print the report as JSON; of a folder, one a line.
    #[arg(long)]
    json: bool,
    /// Where to write a signed receipt of the check. `verify` reads it back.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Of a folder: where to write a line about each file, as CSV.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(super) async fn run(place: Place, args: Verify) -> anyhow::Result<Exit> {
    let question = Question {
        at: args.when.at.clone(),
        known: args.when.known.clone(),
        holder: args.holder.clone(),
        receipt: args.receipt.is_some(),
    };
    if Path::new(&args.what).is_dir() {
        if args.receipt.is_some() {
            return Err(Hinted::error("a receipt is about one badge", "leave out --receipt, or name a file"));
        }
        let judge = Judge::find(&place).await?;
        let done = folder::run(&judge, Path::new(&args.what), &question, args.report.as_deref(), args.json).await;
        judge.close().await?;
        return done;
    }
    if args.report.is_some() {
        return Err(Hinted::error("--report is about a folder", "leave out --report, or name a folder"));
    }
    let bytes = input(&args.what)?.into();
    let judge = Judge::find(&place).await?;
    let answer = judge.judge(&bytes, &question).await;
    judge.close().await?;
    let answer = answer?;
    if let (Some(file), Some(receipt)) = (&args.receipt, &answer.receipt) {
        std::fs::write(file, receipt).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if args.json {
        print_lines(serde_json::to_string_pretty(&answer.report)?);
    } else {
        show(&answer.report);
    }
    Ok(exit(answer.report.verdict))
}

/// The bytes to judge: of a file if there is one of that name; else the number or address itself.
fn input(what: &str) -> anyhow::Result<Vec<u8>> {
    if what == "-" || Path::new(what).exists() {
        return read_input(Path::new(what), MAXIMUM_PICTURE as u64);
    }
    let address = what.starts_with("https://") || what.starts_with("http://");
    if address || what.parse::<AwardId>().is_ok() {
        return Ok(what.as_bytes().to_vec());
    }
    Err(Hinted::error(
        format!("there is no file {what:?}, and it is no address or number of a badge"),
        "name a file, an address, a number such as 7K3Q-X9M2-TR4H-B6WD, or - for standard input",
    ))
}

fn show(report: &Report) {
    print(&report.headline);
    if let Some(then) = &report.then {
        print(&then.headline);
        then.hindsight.iter().for_each(|hindsight| print(&hindsight.words));
    }
    for check in &report.checks {
        let mark = match check.outcome {
            CheckOutcome::Passed => "passed",
            CheckOutcome::Failed => "FAILED",
            CheckOutcome::Warning => "warning",
            CheckOutcome::CouldNotCheck => "could not check",
        };
        print(format!("  {:<13}{mark:<17}{}", check.id.name(), check.words));
        if let Some(hint) = &check.hint {
            print(format!("  {:<13}{:<17}{hint}", "", ""));
        }
    }
}

fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Valid => Exit::Done,
        Verdict::Inconclusive | Verdict::UntrustedIssuer => Exit::Inconclusive,
        _ => Exit::NotValid,
    }
}
