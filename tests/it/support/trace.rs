//! What `strace -f -o` wrote, read as calls of the system.

use std::collections::HashMap;

/// One call of the system, by the lines of the trace where it begins and ends.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) begun: usize,
    pub(crate) ended: usize,
    pub(crate) succeeded: bool,
}

#[track_caller]
pub(crate) fn first<'a>(calls: &'a [Call], name: &str, text: &str) -> &'a Call {
    calls.iter().find(|call| call.name == name && call.text.contains(text)).expect("the call was traced")
}

pub(crate) fn calls(trace: &str) -> Vec<Call> {
    let (mut calls, mut open): (Vec<Call>, HashMap<&str, usize>) = (Vec::new(), HashMap::new());
    for (at, line) in trace.lines().enumerate() {
        let Some((thread, what)) = line.split_once(' ') else { continue };
        let what = what.trim_start();
        let succeeded = !what.contains(" = -1 ") && !what.ends_with("= ?");
        if what.starts_with("<... ") {
            if let Some(i) = open.remove(thread) {
                calls[i].ended = at;
                calls[i].succeeded = succeeded;
            }
        } else if let Some((name, text)) = what.split_once('(') {
            let unfinished = what.ends_with("<unfinished ...>");
            let ended = if unfinished { usize::MAX } else { at };
            if unfinished {
                open.insert(thread, calls.len());
            }
            calls.push(Call {
                name: name.into(),
                text: text.into(),
                begun: at,
                ended,
                succeeded: succeeded && !unfinished,
            });
        }
    }
    calls
}
