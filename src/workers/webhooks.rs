//! Tells webhooks what happened: several at a time, so that a slow receiver holds up nobody but itself.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use futures_util::future::Either;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use crate::app::App;
use crate::id::WebhookId;
use crate::service::Breakdown;
use crate::service::webhooks::delivery::{Burst, Candidate, burst, candidates, wake};
use crate::store::Position;

/// So many webhooks are told something at a time.
const CONCURRENT: usize = 16;
/// No more is begun after so many bursts: there are others who want to work.
const MOST_BURSTS: usize = 256;
/// How long new events are waited for while a slow receiver is.
const PATIENCE: Duration = Duration::from_secs(30);

/// Works until there is nothing to do, or it was much; answers whether there was anything.
pub async fn step(app: &App) -> Result<bool, Breakdown> {
    let mut round = Round::default();
    let mut queue: VecDeque<Candidate> = candidates(app).await?.into();
    let mut running = FuturesUnordered::new();
    let mut busy: HashSet<WebhookId> = HashSet::new();
    loop {
        while running.len() < CONCURRENT && round.goes_on() {
            let Some(place) = queue.iter().position(|candidate| !busy.contains(candidate.id())) else { break };
            let Some(candidate) = queue.remove(place) else { break };
            busy.insert(candidate.id().clone());
            round.bursts += 1;
            running.push(async move { (burst(app, &candidate).await, candidate) });
        }
        if running.is_empty() {
            return round.result();
        }
        // While somebody is slow, the others may be told what happens meanwhile.
        let idle = running.len() < CONCURRENT && round.goes_on();
        let news =
            if idle { Either::Left(wake(app, round.upto, PATIENCE)) } else { Either::Right(std::future::pending()) };
        tokio::select! {
            biased;
            Some((done, candidate)) = running.next() => {
                busy.remove(candidate.id());
                if round.note(done) {
                    // What was due again was told; the next look finds what is due then.
                    queue.push_back(candidate.without_retries());
                }
            }
            news = news => match news {
                Ok(Some(upto)) => {
                    round.upto = round.upto.max(upto);
                    match candidates(app).await {
                        Ok(found) => queue = found.into(),
                        Err(error) => round.fail(error),
                    }
                }
                Ok(None) => {}
                Err(error) => round.fail(error),
            }
        }
    }
}

/// What happened in one step.
#[derive(Default)]
struct Round {
    bursts: usize,
    worked: bool,
    upto: Position,
    failed: Option<Breakdown>,
}

impl Round {
    fn goes_on(&self) -> bool {
        self.bursts < MOST_BURSTS && self.failed.is_none()
    }

    /// Whether there may be more for this webhook.
    fn note(&mut self, done: Result<Burst, Breakdown>) -> bool {
        match done {
            Ok(burst) => {
                self.worked |= burst.worked;
                self.upto = self.upto.max(burst.upto);
                burst.worked
            }
            Err(error) => {
                self.fail(error);
                false
            }
        }
    }

    /// What is under way is finished, then the first failure is told.
    fn fail(&mut self, error: Breakdown) {
        self.failed.get_or_insert(error);
    }

    fn result(self) -> Result<bool, Breakdown> {
        self.failed.map_or(Ok(self.worked), Err)
    }
}
