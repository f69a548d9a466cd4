//! Size and manners of one file.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::paths::used;
use super::source::{Fault, Source};

const LIMIT: usize = 400;

/// `anyhow` forgets which errors there are: it is for `cli/` and `main.rs`, where a person reads them.
pub(super) fn anyhow_astray(source: &Source) -> Vec<Fault> {
    if source.is_tests() || terminal(source) {
        return Vec::new();
    }
    let mut faults: Vec<_> = used(source)
        .iter()
        .filter(|used| used.written && used.path[0] == "anyhow")
        .map(|used| Fault::at(used.line, "`anyhow` belongs to `cli` and `main`"))
        .collect();
    faults.dedup();
    faults
}

/// Printing outside `cli/`.
pub(super) fn prints(source: &Source) -> Vec<Fault> {
    if source.is_tests() || terminal(source) {
        return Vec::new();
    }
    let calls = macro_calls(source, &["println", "eprintln", "print", "eprint", "dbg"]);
    let outside = calls.into_iter().filter(|name| !source.in_tests(name.span().byte_range().start));
    outside.map(|name| Fault::at(line(&name), format!("`{name}!` belongs to `cli`"))).collect()
}

/// More code than one file may have; blank lines, comments and inline tests are not counted.
pub(super) fn too_long(source: &Source) -> Vec<Fault> {
    if source.is_tests() {
        return Vec::new();
    }
    let mut lines = BTreeSet::new();
    for token in source.code().iter().filter(|token| !source.in_tests(token.bytes.start)) {
        lines.extend(token.lines.0..=token.lines.1);
    }
    let long = lines.len() > LIMIT;
    long.then(|| Fault::at(1, format!("has {} lines of code, {LIMIT} are the limit", lines.len())))
        .into_iter()
        .collect()
}

/// `#[allow(…)]` and `#[ignore]`, also inside `cfg_attr` and macros. A lint is answered with `#[expect(…, reason = …)]`.
pub(super) fn silenced(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    silenced_in(source.tokens.clone(), &mut faults);
    faults.sort();
    faults
}

/// What was left for later: macros and notes.
pub(super) fn unfinished(source: &Source) -> Vec<Fault> {
    let mut faults: Vec<_> = macro_calls(source, &["todo", "unimplemented"])
        .into_iter()
        .map(|name| Fault::at(line(&name), format!("`{name}!` is not finished")))
        .collect();
    for (line, comment) in source.comments() {
        let mut words = comment.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        if words.any(|word| NOTES.contains(&word)) {
            faults.push(Fault::at(line, "a comment leaves something for later"));
        }
    }
    faults.sort();
    faults
}

/// Spelt in halves, or this file would break its own rule in the eyes of a search.
const NOTES: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// The first line says what is here.
pub(super) fn headless(source: &Source) -> Vec<Fault> {
    let headed = source.text.lines().next().is_some_and(|line| line.starts_with("//! "));
    (!headed).then(|| Fault::at(1, "does not begin with a `//!` line")).into_iter().collect()
}

fn terminal(source: &Source) -> bool {
    source.path == "src/main.rs" || source.path.starts_with("src/cli/")
}

fn line(name: &Ident) -> usize {
    name.span().start().line
}

/// Every `name!` among `names`, in other macros' arguments too.
fn macro_calls(source: &Source, names: &[&str]) -> Vec<Ident> {
    fn walk(stream: TokenStream, names: &[&str], found: &mut Vec<Ident>) {
        let mut last: Option<Ident> = None;
        for tree in stream {
            let word = last.take();
            match tree {
                TokenTree::Ident(word) => last = Some(word),
                TokenTree::Punct(point) if point.as_char() == '!' => {
                    found.extend(word.filter(|word| names.iter().any(|name| word == name)));
                }
                TokenTree::Group(group) => walk(group.stream(), names, found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(source.tokens.clone(), names, &mut found);
    found.sort_by_key(line);
    found
}

fn silenced_in(stream: TokenStream, faults: &mut Vec<Fault>) {
    let mut hash = false;
    for tree in stream {
        match tree {
            TokenTree::Punct(point) => hash = point.as_char() == '#' || hash && point.as_char() == '!',
            TokenTree::Group(group) if hash && group.delimiter() == Delimiter::Bracket => {
                hash = false;
                silencers(group.stream(), faults);
            }
            TokenTree::Group(group) => {
                hash = false;
                silenced_in(group.stream(), faults);
            }
            _ => hash = false,
        }
    }
}

/// The tokens of one attribute.
fn silencers(attribute: TokenStream, faults: &mut Vec<Fault>) {
    let mut trees = attribute.into_iter();
    let Some(TokenTree::Ident(name)) = trees.next() else { return };
    if name == "allow" || name == "ignore" {
        faults.push(Fault::at(line(&name), format!("`#[{name}]` hides something")));
    } else if name == "cfg_attr"
        && let Some(TokenTree::Group(arguments)) = trees.next()
    {
        let words = arguments.stream().into_iter().filter_map(|tree| match tree {
            TokenTree::Ident(word) if word == "allow" || word == "ignore" => Some(word),
            _ => None,
        });
        faults.extend(words.map(|word| Fault::at(line(&word), format!("`#[{word}]` hides something"))));
    }
}
