//! The `result` of a statement, and how far it can be believed.

use serde_json::Value;

use super::{COMPLETED, FAILED, Faults, PASSED, WAIVED};
use crate::decimal::Decimal;
use crate::intake::feed::{Ignored, Said};
use crate::rules::Score;

const CMI5: &str = "https://w3id.org/xapi/cmi5/context/categories/";
const LAUNCH_MODE: &str = "https://w3id.org/xapi/cmi5/context/extensions/launchmode";
/// More is a clock that went wrong.
const MAX_MINUTES: f64 = 1_000_000.0;

pub(super) struct Outcome {
    pub(super) said: Said,
    pub(super) score: Option<Score>,
    pub(super) minutes: Option<f64>,
}

pub(super) fn read(statement: &Value, verb: &str, faults: &mut Faults) -> Outcome {
    let result = &statement["result"];
    let cmi5 = is_cmi5(statement);
    let score = score(&result["score"], cmi5, faults);
    let mut flag = |name: &str| match &result[name] {
        Value::Null => None,
        Value::Bool(flag) => Some(*flag),
        _ => faults.add(&format!("/result/{name}"), "is neither true nor false"),
    };
    let told = Told { success: flag("success"), completion: flag("completion"), scored: !result["score"].is_null() };
    let minutes = match &result["duration"] {
        Value::Null => None,
        Value::String(text) => match minutes(text) {
            Ok(minutes) => minutes,
            Err(()) => faults.add("/result/duration", "is no duration of ISO 8601, such as PT45M"),
        },
        _ => faults.add("/result/duration", "is no text"),
    };
    let mode = statement.pointer("/context/extensions").and_then(|all| all.get(LAUNCH_MODE)).and_then(Value::as_str);
    let said = if mode.is_some_and(|mode| matches!(mode, "Browse" | "Review")) {
        Said::Nothing(Ignored::NotForCredit)
    } else if cmi5 {
        by_cmi5(verb, &told)
    } else {
        by_verb(verb, &told, ungraded(statement, &result["score"]))
    };
    Outcome { said, score, minutes }
}

/// What stands in the result.
struct Told {
    success: Option<bool>,
    completion: Option<bool>,
    scored: bool,
}

fn is_cmi5(statement: &Value) -> bool {
    let category = statement.pointer("/context/contextActivities/category");
    let list = match category {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    list.iter().any(|activity| activity["id"].as_str().is_some_and(|id| id.starts_with(CMI5)))
}

/// cmi5 says what must stand beside which verb; what contradicts it is not guessed at.
fn by_cmi5(verb: &str, told: &Told) -> Said {
    match verb {
        PASSED if told.success == Some(true) => Said::Passed,
        PASSED => Said::Unclear("A cmi5 statement says passed, without success."),
        FAILED if told.success == Some(false) => Said::Failed,
        FAILED => Said::Unclear("A cmi5 statement says failed, without saying that it was no success."),
        COMPLETED if told.completion == Some(true) && told.success.is_none() && !told.scored => Said::Completed,
        COMPLETED => Said::Unclear("A cmi5 statement says completed, with a score or success, or without completion."),
        WAIVED => Said::Waived,
        _ => Said::Completed,
    }
}

/// Without cmi5, `success` beside another verb tells nothing: platforms say true where there is no pass mark.
fn by_verb(verb: &str, told: &Told, ungraded: bool) -> Said {
    match (verb, told.success) {
        (PASSED, Some(false)) => Said::Unclear("The statement says passed, and that it was no success."),
        (FAILED, Some(true)) => Said::Unclear("The statement says failed, and that it was a success."),
        (PASSED, _) => Said::Passed,
        (FAILED, _) => Said::Failed,
        (WAIVED, _) => Said::Waived,
        _ if told.completion == Some(false) => Said::Nothing(Ignored::NotFinished),
        _ if ungraded => Said::Unclear("Moodle says no points, which it also says of what nobody has graded yet."),
        (COMPLETED, _) => Said::Completed,
        _ if told.scored => Said::Scored,
        _ => Said::Completed,
    }
}

/// Moodle tells of an attempt when it is handed in: essays then have no points yet, and the whole attempt has none.
fn ungraded(statement: &Value, score: &Value) -> bool {
    let moodle = statement.pointer("/context/platform").and_then(Value::as_str) == Some("Moodle");
    let least = score["min"].as_f64().unwrap_or(0.0);
    moodle && score["raw"].as_f64().is_some_and(|raw| raw <= least)
}

/// Points by `raw`, `min` and `max`. `scaled` lies between -1 and 1, and platforms differ in what they make of it: it is
/// taken for a share only where cmi5 says that it is one.
fn score(score: &Value, cmi5: bool, faults: &mut Faults) -> Option<Score> {
    let mut number = |name: &str| match &score[name] {
        Value::Null => None,
        value => match value.as_f64().filter(|n| n.is_finite()) {
            Some(number) => Some(Decimal::from(number)),
            None => faults.add(&format!("/result/score/{name}"), "is no number"),
        },
    };
    let (raw, min, max, scaled) = (number("raw"), number("min"), number("max"), number("scaled"));
    if scaled.is_some_and(|scaled| scaled > Decimal::ONE || scaled < Decimal::ZERO - Decimal::ONE) {
        return faults.add("/result/score/scaled", "must be from -1 to 1");
    }
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        return faults.add("/result/score/max", "is less than min");
    }
    let outside = |raw: Decimal| min.is_some_and(|min| raw < min) || max.is_some_and(|max| raw > max);
    if raw.is_some_and(outside) {
        return faults.add("/result/score/raw", "must be from min to max");
    }
    if let (Some(raw), Some(max)) = (raw, max) {
        let (points, max) = (raw - min.unwrap_or_default(), max - min.unwrap_or_default());
        return (max > Decimal::ZERO && points >= Decimal::ZERO).then_some(Score { points, max });
    }
    let scaled = scaled.filter(|scaled| cmi5 && *scaled >= Decimal::ZERO && min.is_none() && max.is_none())?;
    Some(Score { points: scaled, max: Decimal::ONE })
}

/// Whole and broken minutes of an ISO 8601 duration; years and months have no length, so they tell none.
fn minutes(text: &str) -> Result<Option<f64>, ()> {
    let rest = text.strip_prefix('P').filter(|rest| !rest.is_empty() && text.len() <= 60).ok_or(())?;
    let (mut minutes, mut vague, mut in_time, mut number) = (0.0, false, false, String::new());
    for c in rest.chars() {
        if c.is_ascii_digit() || (c == '.' && !number.is_empty()) {
            number.push(c);
            continue;
        }
        if c == 'T' && !in_time && number.is_empty() {
            in_time = true;
            continue;
        }
        let value: f64 = number.parse().map_err(|_| ())?;
        number.clear();
        match (c, in_time) {
            ('Y' | 'M', false) => vague |= value > 0.0,
            ('W', false) => minutes += value * 10_080.0,
            ('D', false) => minutes += value * 1_440.0,
            ('H', true) => minutes += value * 60.0,
            ('M', true) => minutes += value,
            ('S', true) => minutes += value / 60.0,
            _ => return Err(()),
        }
    }
    if !number.is_empty() || rest.ends_with('T') {
        return Err(());
    }
    Ok((!vague && minutes <= MAX_MINUTES).then_some(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_minutes() {
        for (text, expected) in [
            ("PT45M", Ok(Some(45.0))),
            ("PT1H30M", Ok(Some(90.0))),
            ("P1DT1H", Ok(Some(1_500.0))),
            ("P2W", Ok(Some(20_160.0))),
            ("PT90.0S", Ok(Some(1.5))),
            ("PT0S", Ok(Some(0.0))),
            ("P1M", Ok(None)),
            ("P0Y0M1D", Ok(Some(1_440.0))),
            ("P3000W", Ok(None)),
            ("P", Err(())),
            ("PT", Err(())),
            ("P1DT", Err(())),
            ("45M", Err(())),
            ("PT45", Err(())),
            ("PT45X", Err(())),
            ("PT-45M", Err(())),
            ("P1H", Err(())),
            ("PT.5M", Err(())),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }
}
