//! `award import`: awards of history, one JSON object a line.

use std::io::IsTerminal as _;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::args::Place;
use super::failure::{Exit, Hinted, print, say};
use super::open::read_input;
use super::service::Service;
use crate::urls::path;

/// Most bytes of a file.
const MOST: u64 = 64 << 20;

/// Every line is read before the first is sent; one that is refused does not keep the others back.
pub(super) async fn run(place: Place, file: &Path, test: bool) -> anyhow::Result<Exit> {
    let bytes = read_input(file, MOST)?;
    let lines = read(&bytes)?;
    let mut service = Service::find(&place).await?;
    if test {
        service.as_test();
    }
    let bar = bar(lines.len());
    let (mut taken, mut refused) = (0, 0);
    for (number, line) in lines {
        match service.call("POST", path::API_AWARDS, Some(line)).await {
            Ok(reply) => {
                taken += 1;
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                bar.suspend(|| {
                    print(format!("{}  {}", text(&reply.body["award"]["number"]), text(&reply.body["import"])));
                });
            }
            Err(error) => {
                refused += 1;
                bar.suspend(|| say(format!("line {number}: {error}")));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    service.close().await?;
    say(format!("{taken} taken, {refused} refused"));
    Ok(if refused == 0 { Exit::Done } else { Exit::Failed })
}

/// The lines that hold something, with their numbers.
fn read(bytes: &[u8]) -> anyhow::Result<Vec<(usize, Vec<u8>)>> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = text.split(|byte| *byte == b'\n').enumerate().map(|(n, line)| (n + 1, line.trim_ascii()));
    let mut read = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        if let Err(error) = serde_json::from_slice::<serde_json::Map<String, Value>>(line) {
            let hint = "each line is one JSON object; nothing was sent";
            return Err(Hinted::error(format!("line {number} cannot be read: {error}"), hint));
        }
        read.push((number, line.to_vec()));
    }
    Ok(read)
}

fn bar(lines: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(lines as u64).with_style(style)
}
