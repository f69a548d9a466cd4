//! One request on its way: its turn, each redirect judged, and an answer read within bounds.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use flate2::read::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use tokio::time::{Instant, timeout_at};

use super::flights::Outcome;
use super::lifetime::{FAILURE, freshness, lifetime};
use super::target::Target;
use super::{FetchError, Fetched, Inner};

/// How often a request is sent on.
const MOST_REDIRECTS: usize = 3;

/// What is to be fetched.
pub(super) struct Errand {
    pub(super) target: Target,
    pub(super) accept: String,
    pub(super) most: usize,
}

impl Errand {
    /// The same for the same request, and for no other: neither a number nor an address has a space in it.
    pub(super) fn name(&self) -> String {
        format!("{} {} {}", self.most, self.target.url, self.accept)
    }
}

/// Where one exchange led, and how long that stays fresh.
enum Step {
    There(Fetched, TimeDelta),
    SentOn(Target, TimeDelta),
}

impl Inner {
    /// Fetches, and remembers what came of it.
    pub(super) async fn run(self: Arc<Self>, errand: Errand) -> Outcome {
        let name = errand.name();
        // The same may have been answered between the look and the start.
        if let Some(known) = self.memory.recall(&name, self.clock.now()) {
            return known;
        }
        let (outcome, life) = match self.follow(errand).await {
            Ok((fetched, life)) => (Ok(fetched), life),
            Err(error) if error.is_ours() => (Err(error), TimeDelta::zero()),
            Err(error) => (Err(error), FAILURE),
        };
        self.memory.keep(&name, &outcome, life, self.clock.now());
        outcome
    }

    /// What is at the end of the way, and how long to keep it: no longer than the shortest-lived part of the way.
    async fn follow(&self, errand: Errand) -> Result<(Fetched, TimeDelta), FetchError> {
        let deadline = Instant::now() + self.limits.whole;
        let first = errand.target.host.clone();
        let (mut target, mut life, mut waited) = (errand.target, TimeDelta::MAX, Duration::ZERO);
        let mut way = Vec::new();
        for _ in 0..=MOST_REDIRECTS {
            let (asked, host) = (Instant::now(), target.host.clone());
            way.push(target.url.to_string());
            let turn = timeout_at(deadline, self.turns.take(&host)).await;
            waited += asked.elapsed();
            let Ok(turn) = turn else { return Err(FetchError::Crowded { host }) };
            let step = timeout_at(deadline, self.step(target, &errand.accept, errand.most)).await;
            drop(turn);
            match step {
                Ok(Ok(Step::There(fetched, fresh))) => {
                    let life = lifetime(fetched.status, life.min(fresh));
                    return Ok((Fetched { way, ..fetched }, life));
                }
                Ok(Ok(Step::SentOn(next, fresh))) => (target, life) = (next, life.min(fresh)),
                Ok(Err(error)) => return Err(error),
                // A host that was given the lesser part of the time is not to blame.
                Err(_) if waited > self.limits.whole / 2 => return Err(FetchError::Crowded { host }),
                Err(_) => return Err(self.late(&first)),
            }
        }
        Err(FetchError::Redirects { host: first, most: MOST_REDIRECTS })
    }

    async fn step(&self, target: Target, accept: &str, most: usize) -> Result<Step, FetchError> {
        if let Some(why) = self.memory.shunned(&target.host, self.clock.now()) {
            return Err(why);
        }
        let request = self.clients.get(target.exempt, self.limits)?.get(target.url.clone());
        let request = request.header(ACCEPT, accept).header(ACCEPT_ENCODING, "identity");
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => {
                let why = self.fault(&error, &target.host);
                if error.is_connect() {
                    self.memory.shun(&target.host, &why, self.clock.now());
                }
                return Err(why);
            }
        };
        let fresh = freshness(answer.headers(), self.clock.now());
        if matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            let location = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
            return Ok(Step::SentOn(target.sent_on(location, &self.places.strangers)?, fresh));
        }
        Ok(Step::There(self.read(answer, target, most).await?, fresh))
    }

    async fn read(&self, mut answer: Response, target: Target, most: usize) -> Result<Fetched, FetchError> {
        let host = target.host;
        let Ok(packed) = is_packed(answer.headers()) else { return Err(FetchError::Compressed { host }) };
        if answer.content_length().is_some_and(|length| length > most as u64) {
            return Err(FetchError::TooLarge { host, bytes: most });
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| self.fault(&error, &host))? {
            if bytes.len() + piece.len() > most {
                return Err(FetchError::TooLarge { host, bytes: most });
            }
            bytes.extend_from_slice(&piece);
        }
        if packed && !bytes.is_empty() {
            bytes = unpacked(&bytes, most, host)?;
        }
        let media = answer.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
        Ok(Fetched {
            status: answer.status().as_u16(),
            media_type: media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase(),
            // It may be kept for long: without the room it did not need.
            bytes: bytes.into_boxed_slice().into(),
            // Whoever followed it knows it.
            way: Vec::new(),
            fetched_at: self.clock.now(),
            from_cache: false,
        })
    }

    /// The client keeps only one limit of time by itself: that of connecting.
    pub(super) fn fault(&self, error: &reqwest::Error, host: &str) -> FetchError {
        FetchError::of(error, host, self.limits.connect.as_secs())
    }

    pub(super) fn late(&self, host: &str) -> FetchError {
        FetchError::Timeout { host: host.to_owned(), seconds: self.limits.whole.as_secs() }
    }
}

/// Whether an answer is in gzip, which some hosts send unasked; no other coding is read, and no two of them.
fn is_packed(headers: &HeaderMap) -> Result<bool, ()> {
    let lines: Vec<&str> =
        headers.get_all(CONTENT_ENCODING).iter().map(HeaderValue::to_str).collect::<Result<_, _>>().map_err(drop)?;
    let codings = lines.iter().flat_map(|line| line.split(',')).map(|coding| coding.trim().to_ascii_lowercase());
    let codings: Vec<String> = codings.filter(|coding| !matches!(coding.as_str(), "" | "identity")).collect();
    match codings.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(false),
        ["gzip" | "x-gzip"] => Ok(true),
        _ => Err(()),
    }
}

/// Never more than `most` bytes, however much is packed into however little.
fn unpacked(packed: &[u8], most: usize, host: String) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    match MultiGzDecoder::new(packed).take(most as u64 + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() > most => Err(FetchError::TooLarge { host, bytes: most }),
        Ok(_) => Ok(bytes),
        Err(_) => Err(FetchError::Broken { host }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_read_and_no_other_coding() {
        for (lines, expected) in [
            (&[][..], Ok(false)),
            (&["identity"], Ok(false)),
            (&[""], Ok(false)),
            (&["gzip"], Ok(true)),
            (&["GZip"], Ok(true)),
            (&["x-gzip, identity"], Ok(true)),
            (&["gzip, gzip"], Err(())),
            (&["gzip", "gzip"], Err(())),
            (&["br"], Err(())),
            (&["deflate"], Err(())),
            (&["identity", "zstd"], Err(())),
            (&["\u{e9}"], Err(())),
        ] {
            let value = |line: &&str| (CONTENT_ENCODING, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            assert_eq!(is_packed(&lines.iter().map(value).collect()), expected, "{lines:?}");
        }
    }
}
