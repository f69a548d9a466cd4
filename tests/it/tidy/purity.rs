//! Pure floors: no I/O, no async, no clock, no randomness, no environment, no logging.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::paths::used;
use super::source::{Fault, Source};

/// Everything in a file that touches the world.
pub(super) fn impure(source: &Source) -> Vec<Fault> {
    if source.is_tests() {
        return Vec::new();
    }
    let mut faults: Vec<_> =
        used(source).iter().filter_map(|used| Some(Fault::at(used.line, worldly(&used.path)?))).collect();
    let mut waits = Waits(Vec::new());
    waits.visit_file(&source.file);
    faults.extend(
        waits
            .0
            .into_iter()
            .filter(|(_, offset)| !source.in_tests(*offset))
            .map(|(line, _)| Fault::at(line, "a pure floor does not wait")),
    );
    faults.sort();
    faults.dedup();
    faults
}

/// By what a path begins with. `std::io`'s traits and in-memory types are fine, and so are the addresses of `std::net`.
const WORLDLY: &[(&str, &str)] = &[
    ("async_trait", "does not wait"),
    ("axum", "does no I/O"),
    ("chrono::Local", "reads no clock"),
    ("chrono::offset::Local", "reads no clock"),
    ("fastrand", "draws no randomness"),
    ("futures", "does not wait"),
    ("getrandom", "draws no randomness"),
    ("log", "writes no log"),
    ("rand", "draws no randomness"),
    ("rand_core", "draws no randomness"),
    ("reqwest", "does no I/O"),
    ("rustix", "does no I/O"),
    ("sled", "does no I/O"),
    ("std::env", "reads no environment"),
    ("std::fs", "does no I/O"),
    ("std::io::Stderr", "does no I/O"),
    ("std::io::Stdin", "does no I/O"),
    ("std::io::Stdout", "does no I/O"),
    ("std::io::stderr", "does no I/O"),
    ("std::io::stdin", "does no I/O"),
    ("std::io::stdout", "does no I/O"),
    ("std::net::TcpListener", "does no I/O"),
    ("std::net::TcpStream", "does no I/O"),
    ("std::net::ToSocketAddrs", "does no I/O"),
    ("std::net::UdpSocket", "does no I/O"),
    ("std::os", "does no I/O"),
    ("std::path", "does no I/O"),
    ("std::process", "does no I/O"),
    ("std::thread", "does not wait"),
    ("std::time::Instant", "reads no clock"),
    ("std::time::SystemTime", "reads no clock"),
    ("tempfile", "does no I/O"),
    ("tokio", "does not wait"),
    ("tracing", "writes no log"),
    ("tracing_subscriber", "writes no log"),
];

/// A glob of these would let the rest through under bare names.
const OPAQUE: &[&str] = &["std", "std::io", "std::net", "std::time", "chrono", "chrono::offset"];

fn worldly(path: &[String]) -> Option<String> {
    let begins = |start: &str| start.split("::").eq(path.iter().take(start.split("::").count()).map(String::as_str));
    if let Some((start, words)) = WORLDLY.iter().find(|(start, _)| begins(start)) {
        return Some(format!("a pure floor {words} (`{start}`)"));
    }
    if path.windows(2).any(|pair| (pair[0] == "Utc" || pair[0] == "Local") && pair[1] == "now") {
        return Some("a pure floor reads no clock (`Utc::now`)".to_owned());
    }
    let [start @ .., last] = path else { return None };
    let hides = last == "*" && OPAQUE.contains(&start.join("::").as_str());
    hides.then(|| format!("a glob of `{}` hides what a pure floor uses", start.join("::")))
}

/// Lines and offsets of `async` and `.await`, in the tree and inside macro calls.
struct Waits(Vec<(usize, usize)>);

impl Waits {
    fn add(&mut self, span: proc_macro2::Span) {
        self.0.push((span.start().line, span.byte_range().start));
    }

    fn tokens(&mut self, stream: TokenStream) {
        for tree in stream {
            match tree {
                TokenTree::Ident(word) if word == "async" || word == "await" => self.add(word.span()),
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Waits {
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if let Some(word) = &signature.asyncness {
            self.add(word.span);
        }
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.add(block.async_token.span);
        visit::visit_expr_async(self, block);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        if let Some(word) = &closure.asyncness {
            self.add(word.span);
        }
        visit::visit_expr_closure(self, closure);
    }

    fn visit_expr_await(&mut self, wait: &'ast syn::ExprAwait) {
        self.add(wait.await_token.span);
        visit::visit_expr_await(self, wait);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
    }
}
