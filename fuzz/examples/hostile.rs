//! Writes the costliest inputs there are, each as large as its reader takes it, for the targets that read them:
//! `cargo run --manifest-path fuzz/Cargo.toml --example hostile -- FOLDER`. They are too large to lie in `seeds`; their
//! small likenesses do.

#[path = "../../tests/it/support/hostile/mod.rs"]
#[expect(dead_code, reason = "the benches and the stories of the main crate use the rest")]
mod hostile;

use std::fs;
use std::path::PathBuf;

use hostile::{Input, Reader};

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    for (at, Input { reader, bytes, .. }) in hostile::all().into_iter().enumerate() {
        let targets: &[&str] = match reader {
            Reader::Badge if bytes.starts_with(b"\x89PNG") => &["unbake_png", "qr"],
            Reader::Badge if bytes.starts_with(b"<") => &["unbake_svg"],
            Reader::Badge if bytes.starts_with(b"{") => &["json_ld", "verify"],
            Reader::Badge => &["jwt", "qr", "verify"],
            Reader::StatusList => &["bitstring"],
            _ => &[],
        };
        for target in targets {
            let folder = folder.join(target);
            fs::create_dir_all(&folder).expect("a folder to write into");
            fs::write(folder.join(at.to_string()), &bytes).expect("a file to write into");
        }
    }
}
