//! A future that is given its turn and not polled keeps everybody else waiting. So there are no locks that futures queue for,
//! and no futures that are polled only while their owner looks at them: what goes on beside is a task of its own.

use proc_macro2::{TokenStream, TokenTree};

use super::paths::used;
use super::source::{Fault, Source};

/// Where the store is read, and strangers are asked.
const READERS: [&str; 4] = ["src/store/", "src/service/", "src/workers/", "src/fetch/"];
/// They hand a turn to a future, polled or not.
const QUEUES: [&str; 2] = ["Mutex", "RwLock"];
/// They are polled only together, and one may await beside them. A connection is one task all the same.
const BESIDE: [&str; 4] = ["select!", "FuturesUnordered", "buffer_unordered", "buffered"];

/// Locks that futures queue for (in an engine of the store, semaphores too), and futures that may be left standing. The
/// terminal does one thing at a time.
pub(super) fn stands_still(source: &Source) -> Vec<Fault> {
    if source.is_tests() || source.path.starts_with("src/cli/") {
        return Vec::new();
    }
    let engine = source.path.starts_with("src/store/engine/");
    let queue = |path: &[String]| {
        let name = path.strip_prefix(&["tokio".to_owned(), "sync".to_owned()])?.first()?;
        (QUEUES.contains(&name.as_str()) || engine && name == "Semaphore").then(|| name.clone())
    };
    let mut faults: Vec<_> = used(source)
        .iter()
        .filter(|used| used.written)
        .filter_map(|used| Some(Fault::at(used.line, format!("futures queue for `{}`", queue(&used.path)?))))
        .collect();
    if READERS.iter().any(|floor| source.path.starts_with(floor)) {
        beside(source, source.tokens.clone(), &mut faults);
    }
    faults.sort();
    faults.dedup();
    faults
}

fn beside(source: &Source, stream: TokenStream, faults: &mut Vec<Fault>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(word) => {
                let called = matches!(trees.peek(), Some(TokenTree::Punct(point)) if point.as_char() == '!');
                let name = format!("{word}{}", if called { "!" } else { "" });
                let outside = !source.in_tests(word.span().byte_range().start);
                if outside && BESIDE.contains(&name.as_str()) {
                    let words = format!("`{name}` leaves the others standing while one goes on");
                    faults.push(Fault::at(word.span().start().line, words));
                }
            }
            TokenTree::Group(group) => beside(source, group.stream(), faults),
            _ => {}
        }
    }
}
