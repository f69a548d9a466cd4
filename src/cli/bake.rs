//! `bake` and `unbake`: a credential into a picture and out of it.

use anyhow::{Context, bail};

use super::args::{Bake, Unbake};
use super::failure::{Exit, print_as_it_is, say};
use super::open::read_input;
use crate::render::bake;
use crate::verification::{MAXIMUM_JSON, MAXIMUM_PICTURE};

pub(super) fn bake(args: Bake) -> anyhow::Result<Exit> {
    let picture = read_input(&args.picture, MAXIMUM_PICTURE as u64)?;
    let credential = read_input(&args.credential, MAXIMUM_JSON as u64)?;
    let credential =
        String::from_utf8(credential).with_context(|| format!("{} is not UTF-8", args.credential.display()))?;
    let credential = credential.trim();
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(credential)
        .with_context(|| format!("{} is no credential in JSON", args.credential.display()))?;
    let baked = if is_png(&picture) {
        bake::png(&picture, credential)?
    } else {
        let svg =
            String::from_utf8(picture).with_context(|| format!("{} is neither PNG nor SVG", args.picture.display()))?;
        bake::svg(&svg, credential)?.into_bytes()
    };
    std::fs::write(&args.output, baked).with_context(|| format!("cannot write {}", args.output.display()))?;
    say(format!("Wrote {}.", args.output.display()));
    Ok(Exit::Done)
}

pub(super) fn unbake(args: Unbake) -> anyhow::Result<Exit> {
    let picture = read_input(&args.picture, MAXIMUM_PICTURE as u64)?;
    let found = if is_png(&picture) {
        bake::unbake_png(&picture)?
    } else {
        let svg =
            String::from_utf8(picture).with_context(|| format!("{} is neither PNG nor SVG", args.picture.display()))?;
        bake::unbake_svg(&svg)?
    };
    let Some(credential) = found else { bail!("{} carries no credential", args.picture.display()) };
    print_as_it_is(&credential);
    Ok(Exit::Done)
}

fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}
