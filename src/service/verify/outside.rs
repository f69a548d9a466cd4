//! [`Outside`]: whatever a badge rests on, from our own store or through the guarded door, within the budget of one check.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;

use super::own;
use crate::app::App;
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
/// Badges beyond this size are judged apart from the threads that answer everybody.
const LARGE: usize = 32 << 10;

/// The way to what must be known, for one check.
pub(super) struct Outside<'a> {
    door: &'a Door,
    home: Option<Home<'a>>,
    left: AtomicUsize,
}

/// The service that checks.
struct Home<'a> {
    app: &'a App,
    did: String,
}

impl<'a> Outside<'a> {
    /// Of a service with this DID: what is its own is not fetched.
    pub(super) fn of(app: &'a App, did: String) -> Self {
        Outside { door: &app.door, home: Some(Home { app, did }), left: AtomicUsize::new(MOST_FETCHES) }
    }

    /// With no service at hand.
    pub(super) fn alone(door: &'a Door) -> Self {
        Outside { door, home: None, left: AtomicUsize::new(MOST_FETCHES) }
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

    /// Fetches what is needed until nothing is, or the budget is spent; then judges.
    pub(super) async fn settle<J: Judged>(&self, subject: J, mut facts: Facts) -> Result<J::Answer, Breakdown> {
        let mut rounds = 0..ROUNDS;
        loop {
            let (answer, needs);
            (answer, needs, facts) = judge(&subject, facts).await?;
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
            Some(address) => {
                self.ask(&address, need.accept(), need.most()).await.map_or_else(Found::CouldNot, of_answer)
            }
        };
        Ok((need, found))
    }

    /// Asks somebody else; `Err` is the end of a sentence that begins with whom.
    pub(super) async fn ask(&self, address: &str, accept: &str, most: usize) -> Result<Fetched, String> {
        let spend = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_err() {
            return Err("was not asked: there was too much to ask for".to_owned());
        }
        self.door.get(Ask { url: address, accept, most }).await.map_err(|error| why(&error))
    }
}

/// What is judged by what it rests on, which it names itself.
pub(super) trait Judged: Clone + Send + 'static {
    /// What it comes to.
    type Answer: Send + 'static;

    /// By what is known; and what is missing.
    fn judge(&self, facts: &Facts) -> (Self::Answer, Vec<Need>);

    /// So large that judging it would hold others up.
    fn is_large(&self) -> bool;
}

impl Judged for Presented {
    type Answer = Report;

    fn judge(&self, facts: &Facts) -> (Report, Vec<Need>) {
        let Judgement { report, needs } = verification::judge(self, facts);
        (report, needs)
    }

    fn is_large(&self) -> bool {
        self.text().len() > LARGE
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

    fn is_large(&self) -> bool {
        true
    }
}

/// Pure work; what is large, or hostile, does not hold up those who wait for other answers.
async fn judge<J: Judged>(subject: &J, facts: Facts) -> Result<(J::Answer, Vec<Need>, Facts), Breakdown> {
    let known: usize = facts.found.values().filter(|found| matches!(found, Found::Json(_))).count();
    if !subject.is_large() && known == 0 {
        let (answer, needs) = subject.judge(&facts);
        return Ok((answer, needs, facts));
    }
    let subject = subject.clone();
    let work = tokio::task::spawn_blocking(move || {
        let (answer, needs) = subject.judge(&facts);
        (answer, needs, facts)
    });
    work.await.map_err(|error| Breakdown::Unsound(format!("a check broke off: {error}")))
}

fn of_answer(answer: Fetched) -> Found {
    match answer.status {
        200 => Found::of(&answer.bytes),
        410 => Found::Gone,
        404 => Found::CouldNot("is not where it should be".to_owned()),
        status => Found::CouldNot(format!("answered with an error ({status})")),
    }
}

/// The end of a sentence that begins with whom was asked for what.
fn why(error: &FetchError) -> String {
    match error {
        FetchError::Timeout { .. } => "did not answer",
        FetchError::Unreachable { .. } => "could not be reached",
        FetchError::Unresolved { .. } => "could not be found: there is no such host",
        FetchError::Certificate { .. } => "did not prove who it is",
        FetchError::NotPublic { .. } => "was not asked: it is not at a public address",
        FetchError::Scheme { .. } => "was not asked: it is not at an https address",
        FetchError::Port { .. } => "was not asked: it is not at the port of https",
        FetchError::Address(_) => "was not asked: its address is none of the web",
        FetchError::TooLarge { .. } => "answered more than is read",
        FetchError::Compressed { .. } => "answered in a form that is not read",
        FetchError::Redirects { .. } | FetchError::Location { .. } => "sent the request on to nowhere",
        FetchError::Broken { .. } => "broke off",
        FetchError::Crowded { .. } => "was not asked: too much is being asked for at present",
        FetchError::Unready(_) => "was not asked: this machine cannot speak https",
    }
    .to_owned()
}
