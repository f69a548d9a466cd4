//! [`unanswerable`]: what the messages of a `[[map]]` can never say, though the requirement they mean asks for it.

use crate::program::{FeedMap, Particular, Program};

/// A sentence for each `[[map]]` whose results would all wait for somebody to look at them.
pub fn unanswerable(program: &Program) -> Vec<String> {
    program.maps.iter().filter_map(|map| in_words(program, map)).collect()
}

fn in_words(program: &Program, map: &FeedMap) -> Option<String> {
    let (certification, id) = &map.requirement;
    let requirement = program.certification(certification)?.requirement(id)?;
    let vouched = program.vouched(&map.source);
    let asked = requirement.particulars().into_iter().filter(|one| !vouched.contains(one) && !holds(map, *one));
    let asked: Vec<Particular> = asked.collect();
    let words: Vec<&str> = asked.iter().map(|one| one.word()).collect();
    let vouchable: Vec<String> =
        asked.iter().filter(|one| one.is_vouchable()).map(|one| format!("\"{}\"", one.word())).collect();
    let advice = if vouchable.is_empty() {
        "report these results in another way".to_owned()
    } else {
        format!(
            "if the source can be relied on, say [[source]] id = {:?}, vouches = [{}]",
            map.source,
            vouchable.join(", ")
        )
    };
    (!words.is_empty()).then(|| {
        format!(
            "[[map]] {} / {} / {} -> {certification}/{id}: its messages do not say what is asked ({}), so each result will \
             wait for a review; {advice}.",
            map.source,
            map.object,
            map.verb,
            words.join(", ")
        )
    })
}

/// Whether a message of the map can say it. Statements of xAPI, whose objects are IRIs, have scores and durations; events of
/// Canvas have the score of a grade; those of Moodle have neither.
fn holds(map: &FeedMap, particular: Particular) -> bool {
    let is_statement = map.object.contains(':');
    match particular {
        Particular::Score => is_statement || map.verb == "grade_change",
        Particular::Hours => is_statement,
        Particular::Proctoring | Particular::Reviewer | Particular::Evidence => false,
    }
}
