//! [`submit_all`]: several results decided at a time, those of one person in their order.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinSet;

use crate::app::App;
use crate::intake::Submission;
use crate::service::Answer;
use crate::service::caller::Caller;
use crate::service::results::{self, SubmitError, SubmitOptions};

/// How many results of a stream are looked at together: enough to keep the store busy, few enough to hold in memory.
pub const WINDOW: usize = 64;

/// A result with the bytes it came in.
#[derive(Debug, Clone)]
pub struct Reported {
    /// As read.
    pub submission: Submission,
    /// As sent.
    pub raw: Bytes,
}

/// Takes them all, and answers in their order. Each is a whole of its own: one that is refused holds back no other.
pub async fn submit_all(
    app: &Arc<App>,
    caller: &Caller,
    reported: Vec<Reported>,
    options: SubmitOptions<'static>,
) -> Vec<Result<Answer, SubmitError>> {
    let mut answers: Vec<Option<Result<Answer, SubmitError>>> = reported.iter().map(|_| None).collect();
    let mut lanes = JoinSet::new();
    for lane in lanes_of(reported) {
        let (app, caller) = (app.clone(), caller.clone());
        lanes.spawn(async move {
            let mut answers = Vec::with_capacity(lane.len());
            for (at, Reported { submission, raw }) in lane {
                answers.push((at, results::submit_with(&app, &caller, &submission, &raw, options).await));
            }
            answers
        });
    }
    while let Some(ended) = lanes.join_next().await {
        match ended {
            Ok(done) => done.into_iter().for_each(|(at, answer)| answers[at] = Some(answer)),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    answers.into_iter().map(|answer| answer.expect("every lane answers for all that is in it")).collect()
}

/// Results that have any id of a person in common stand in one lane, in their order.
fn lanes_of(reported: Vec<Reported>) -> Vec<Vec<(usize, Reported)>> {
    let mut lanes: Vec<Vec<(usize, Reported)>> = Vec::new();
    let mut lane_of: HashMap<String, usize> = HashMap::new();
    for (at, one) in reported.into_iter().enumerate() {
        let ids: Vec<String> = ids_of(&one.submission).collect();
        let mut known: Vec<usize> = ids.iter().filter_map(|id| lane_of.get(id).copied()).collect();
        known.sort_unstable();
        known.dedup();
        let lane = known.first().copied().unwrap_or_else(|| {
            lanes.push(Vec::new());
            lanes.len() - 1
        });
        for other in known.into_iter().skip(1) {
            let moved = std::mem::take(&mut lanes[other]);
            lanes[lane].extend(moved);
            lanes[lane].sort_by_key(|(at, _)| *at);
            lane_of.values_mut().filter(|l| **l == other).for_each(|l| *l = lane);
        }
        lane_of.extend(ids.into_iter().map(|id| (id, lane)));
        lanes[lane].push((at, one));
    }
    lanes.retain(|lane| !lane.is_empty());
    lanes
}

/// Everything a person is found by; results under one id belong together, too.
fn ids_of(submission: &Submission) -> impl Iterator<Item = String> + '_ {
    let email = submission.email().map(|email| format!("m{email}"));
    let external = submission.external().iter().map(|x| format!("x{}\n{}", x.system, x.id));
    email.into_iter().chain(external).chain([format!("r{}", submission.id)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(id: &str, email: &str, external: &str) -> Reported {
        let json = serde_json::json!({
            "id": id, "certification": "c", "requirement": "r", "outcome": "passed", "at": "2026-01-01T00:00:00Z",
            "person": { "name": "A", "email": email, "external": [{ "system": "s", "id": external }] },
        });
        Reported { submission: serde_json::from_value(json).unwrap(), raw: Bytes::new() }
    }

    #[test]
    fn what_shares_a_person_stands_in_one_lane_in_order() {
        let all = vec![
            one("1", "a@x.example", "1"),
            one("2", "b@x.example", "2"),
            one("3", "A@x.example", "3"),
            one("4", "c@x.example", "2"),
            one("5", "c@x.example", "1"),
            one("6", "d@x.example", "6"),
        ];
        let lanes: Vec<Vec<usize>> =
            lanes_of(all).iter().map(|lane| lane.iter().map(|(at, _)| *at).collect()).collect();
        assert_eq!(lanes, [vec![0, 1, 2, 3, 4], vec![5]]);
    }
}
