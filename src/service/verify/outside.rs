//! [`Outside`]: whatever a badge rests on, from our own store or through the guarded door, within the budget of one check.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;

use super::own;
use crate::app::{App, Judges};
use crate::fetch::{Ask, Door, FetchError, Fetched};
use crate::id::AwardId;
use crate::service::Breakdown;
use crate::urls::Urls;
use crate::verification::{
    self, Challenged, Facts, Found, Judgement, Need, Presentation, PresentationJudgement, Presented, Report,
};

/// The most that is fetched from others for one check.
const MOST_FETCHES: usize = 12;
/// The most rounds of asking what is needed: for keys and lists, for their keys, for a newer version, for its list.
const ROUNDS: usize = 4;

/// The way to what must be known, for one check.
pub(super) struct Outside<'a> {
    door: &'a Door,
    home: Option<Home<'a>>,
    /// None where what is judged is our own: it is small, and does not wait for others.
    judges: Option<Judges>,
    left: AtomicUsize,
}

/// The service that checks.
struct Home<'a> {
    app: &'a App,
    did: String,
}

impl<'a> Outside<'a> {
    /// Of a service with this DID, for what others hand in: what is its own is not fetched.
    pub(super) fn of(app: &'a App, did: String) -> Self {
        let (home, judges) = (Some(Home { app, did }), Some(app.judges.clone()));
        Outside { door: &app.door, home, judges, left: AtomicUsize::new(MOST_FETCHES) }
    }

    /// The same for what was signed and kept here.
    pub(super) fn at_home(app: &'a App, did: String) -> Self {
        Outside { judges: None, ..Outside::of(app, did) }
    }

    /// With no service at hand.
    pub(super) fn alone(door: &'a Door) -> Self {
        Outside { door, home: None, judges: Some(Judges::default()), left: AtomicUsize::new(MOST_FETCHES) }
    }

    /// The DIDs that are our own.
    pub(super) fn ours(&self) -> Vec<String> {
        self.home.iter().map(|home| home.did.clone()).collect()
    }

    /// The award of ours that an address or a typed number names.
    pub(super) fn award_in(&self, text: &str) -> Option<AwardId> {
        let of_address = |urls: &Urls| urls.award_in(text);
        self.home.as_ref().and_then(|home| text.parse().ok().or_else(|| of_address(&home.app.urls)))
    }

    /// Reads or judges what somebody else wrote.
    pub(super) async fn judge<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Breakdown> {
        match &self.judges {
            Some(judges) => Ok(judges.judge(work).await?),
            None => Ok(work()),
        }
    }

    /// Fetches what is needed until nothing is, or the budget is spent; then judges.
    pub(super) async fn settle<J: Judged>(&self, subject: J, mut facts: Facts) -> Result<J::Answer, Breakdown> {
        let subject = Arc::new(subject);
        let mut rounds = 0..ROUNDS;
        loop {
            let (asked, known) = (subject.clone(), facts);
            let work = move || {
                let (answer, needs) = asked.judge(&known);
                (answer, needs, known)
            };
            let (answer, needs);
            (answer, needs, facts) = self.judge(work).await?;
            if needs.is_empty() || rounds.next().is_none() {
                return Ok(answer);
            }
            let found = join_all(needs.into_iter().map(|need| self.find(need))).await;
            for answer in found {
                let (need, found) = answer?;
                facts.found.insert(need, found);
            }
        }
    }

    /// Our own documents, or those of others.
    async fn find(&self, need: Need) -> Result<(Need, Found), Breakdown> {
        if let Some(home) = &self.home {
            let own = match &need {
                Need::ControllerDocument(did) if *did == home.did => Some(own::did_document(home.app, did).await?),
                Need::StatusList(address) => own::list(home.app, address).await?,
                _ => None,
            };
            if let Some(own) = own {
                return Ok((need, Found::Json(own)));
            }
        }
        let found = match need.address() {
            None => Found::CouldNot("is named in a way that leads nowhere".to_owned()),
            Some(address) => match self.ask(&address, need.accept(), need.most()).await {
                Ok(answer) => {
                    let (asked, is_opened) = (need.clone(), self.is_opened(&address));
                    let read = move || {
                        let found = Found::answered(answer.status, &answer.bytes, &answer.way);
                        let told = !matches!(found, Found::CouldNot(_)) && asked.is_met_by(&found);
                        if told || !is_opened { found } else { Found::CouldNot(NOT_PUBLIC.to_owned()) }
                    };
                    self.judge(read).await?
                }
                Err(why) => Found::CouldNot(why),
            },
        };
        Ok((need, found))
    }

    /// Whether an address lies where only the operator's word lets a badge lead: of what is there, nothing but a badge and
    /// what it rests on is told.
    pub(super) fn is_opened(&self, address: &str) -> bool {
        self.door.is_opened(address)
    }

    /// Asks somebody else; `Err` is the end of a sentence that begins with whom.
    pub(super) async fn ask(&self, address: &str, accept: &str, most: usize) -> Result<Fetched, String> {
        let spend = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_err() {
            return Err("was not asked: there was too much to ask for".to_owned());
        }
        let answer = self.door.get(Ask { url: address, accept, most }).await;
        answer.map_err(|error| if self.is_opened(address) { NOT_PUBLIC } else { why(&error) }.to_owned())
    }
}

/// What is judged by what it rests on, which it names itself.
pub(super) trait Judged: Send + Sync + 'static {
    /// What it comes to.
    type Answer: Send + 'static;

    /// By what is known; and what is missing.
    fn judge(&self, facts: &Facts) -> (Self::Answer, Vec<Need>);
}

impl Judged for Presented {
    type Answer = Report;

    fn judge(&self, facts: &Facts) -> (Report, Vec<Need>) {
        let Judgement { report, needs } = verification::judge(self, facts);
        (report, needs)
    }
}

/// A presentation, and what its holder was asked to sign besides.
impl Judged for (Presentation, Challenged) {
    type Answer = PresentationJudgement;

    fn judge(&self, facts: &Facts) -> (PresentationJudgement, Vec<Need>) {
        let mut judgement = verification::judge_presentation(&self.0, &self.1, facts);
        let needs = std::mem::take(&mut judgement.needs);
        (judgement, needs)
    }
}

/// Why nothing was had from a place that is not public, whether it was asked or not, there or not, and whatever it said:
/// whoever hands in badges must not learn from them what there is within the operator's network.
pub(super) const NOT_PUBLIC: &str = "was not had: it is at no public https address";

/// The end of a sentence that begins with whom was asked for what.
fn why(error: &FetchError) -> &'static str {
    match error {
        FetchError::NotPublic { .. }
        | FetchError::Unresolved { .. }
        | FetchError::Scheme { .. }
        | FetchError::Port { .. } => NOT_PUBLIC,
        FetchError::Timeout { .. } => "did not answer",
        FetchError::Unreachable { .. } => "could not be reached",
        FetchError::Certificate { .. } => "did not prove who it is",
        FetchError::Address(_) => "was not asked: its address is none of the web",
        FetchError::TooLarge { .. } => "answered more than is read",
        FetchError::Compressed { .. } => "answered in a form that is not read",
        FetchError::Redirects { .. } | FetchError::Location { .. } => "sent the request on to nowhere",
        FetchError::Broken { .. } => "broke off",
        FetchError::Crowded { .. } => "was not asked: too much is being asked for at present",
        FetchError::Unready(_) => "was not asked: this machine cannot speak https",
    }
}
