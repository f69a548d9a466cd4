//! `init` and `program check`: from a program file to an issuer.

use std::path::Path;

use anyhow::Context;

use super::args::{Init, Place};
use super::failure::{Exit, Hinted, print, say};
use super::open;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::id::OsRandom;
use crate::intake::unanswerable;
use crate::program::{self, Assets, Faults, Program};
use crate::service::setup::{self, Setup, SetupError};

/// Most bytes of a file that a program names.
const MAX_ASSET: u64 = 256 << 10;
/// Most own texts of mails: every kind for both readers, as text and HTML, in several languages.
const MOST_TEXTS: usize = 500;

pub(super) async fn run(place: Place, args: Init) -> anyhow::Result<Exit> {
    let text = text(&args.program)?;
    let Some(program) = checked(&args.program, &text) else {
        return Ok(Exit::Failed);
    };
    let assets = assets(&args.program, &program)?;
    let config = open::config(&place, Settings { base: args.base, ..Settings::default() })?;
    let base = config.base().map_or_else(|| config.default_base(), str::to_owned);
    let parts = open::make(&place, &config)?;
    let setup = Setup { text: &text, assets: &assets, base: &base };
    let made = setup::init(&parts.store, &parts.keyring, &SystemClock, &OsRandom, setup).await;
    parts.engine.close().await;
    let issuer = made.map_err(in_words)?;
    say(format!("{} is ready.", program.name));
    print(format!("issuer   {}", issuer.did));
    print(format!("base     {}", issuer.base));
    print(format!("key      {}", config.keys.join(format!("{}.pem", issuer.active)).display()));
    print(format!("store    {}", config.data.display()));
    if issuer.did.starts_with("did:key:") {
        say("This address is not https with a name, so the issuer is its key (did:key) and can never have another.");
    }
    say("Back up the key file now. Next: assay serve");
    Ok(Exit::Done)
}

/// `program check`.
pub(super) fn check(file: &Path) -> anyhow::Result<Exit> {
    let text = text(file)?;
    let Some(program) = checked(file, &text) else {
        return Ok(Exit::Failed);
    };
    // Where the service will answer does not matter to what is checked.
    setup::check(&program, &assets(file, &program)?, "https://badges.example").map_err(in_words)?;
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    print(format!(
        "{}: {}, {}, {}, {}. No faults.",
        program.name,
        count(program.tracks.len(), "track"),
        count(program.certifications.len(), "certification"),
        count(program.tiers.len(), "tier"),
        count(program.accreditations.len(), "accreditation"),
    ));
    unanswerable(&program).iter().for_each(say);
    Ok(Exit::Done)
}

/// The text of a program file.
pub(super) fn text(file: &Path) -> anyhow::Result<String> {
    let bytes = open::read_input(file, program::MAX_BYTES as u64)?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", file.display()))
}

/// The program; its faults are shown.
pub(super) fn checked(file: &Path, text: &str) -> Option<Program> {
    Program::parse(text).map_err(|faults| show(file, &faults)).ok()
}

fn show(file: &Path, faults: &Faults) {
    faults.render(&file.display().to_string()).trim_end().lines().for_each(say);
}

/// The files a program names, from beside it.
pub(super) fn assets(file: &Path, program: &Program) -> anyhow::Result<Assets> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut assets = Assets::new();
    for name in setup::named_files(program) {
        let bytes = open::read_input(&folder.join(&name), MAX_ASSET).map_err(|e| {
            e.context(Hinted {
                message: format!("the program names the file {name:?}"),
                hint: format!("put it beside {}", file.display()),
            })
        })?;
        assets.insert(name, bytes);
    }
    for name in own_texts(folder, program)? {
        let bytes = open::read_input(&folder.join(&name), MAX_ASSET)?;
        assets.insert(name, bytes);
    }
    Ok(assets)
}

/// The files of `{texts}/mails/{language}/`, named from the program file; hidden ones are passed over.
fn own_texts(folder: &Path, program: &Program) -> anyhow::Result<Vec<String>> {
    let Some(texts) = &program.texts else { return Ok(Vec::new()) };
    let root = folder.join(texts);
    anyhow::ensure!(root.is_dir(), "the program names the folder {texts:?} of texts, which is not beside it");
    let mut names = Vec::new();
    for language in entries(&root.join("mails"))? {
        for file in entries(&root.join("mails").join(&language))? {
            names.push(format!("{texts}/mails/{language}/{file}"));
        }
    }
    anyhow::ensure!(names.len() <= MOST_TEXTS, "the folder {texts:?} has more than {MOST_TEXTS} texts");
    Ok(names)
}

fn entries(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read the folder {}", folder.display())),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn in_words(error: SetupError) -> anyhow::Error {
    match error {
        SetupError::Already { did } => Hinted::error(
            format!("this store already belongs to {did}"),
            "an issuer is made once; for another one use other folders: --data DIR --keys DIR",
        ),
        SetupError::Unsound(_) => {
            Hinted::error(error.to_string(), "shorten the texts of these certifications, or the names of their levels")
        }
        other => other.into(),
    }
}
