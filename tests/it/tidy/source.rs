//! One Rust file as its tokens, its tree, its comments, and the parts that are only compiled for tests.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) words: String,
}

impl Fault {
    pub(super) fn at(line: usize, words: impl Into<String>) -> Self {
        Fault { line, words: words.into() }
    }
}

/// A parsed file with its place in the house.
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
    pub(super) file: syn::File,
    pub(super) tokens: TokenStream,
    /// `src/proof/did.rs` is `["proof", "did"]`; the root of the library is empty.
    pub(super) module: Vec<String>,
    tests: Vec<Range<usize>>,
}

impl<'a> Source<'a> {
    pub(super) fn parse(path: &'a str, text: &'a str) -> Result<Self, Fault> {
        let fault = |line, error: &dyn std::fmt::Display| Fault::at(line, format!("cannot be parsed: {error}"));
        let tokens: TokenStream = text.parse().map_err(|error| fault(1, &error))?;
        let file: syn::File = syn::parse2(tokens.clone()).map_err(|error| fault(error.span().start().line, &error))?;
        let mut tests = TestItems(Vec::new());
        tests.visit_file(&file);
        Ok(Source { path, text, file, tokens, module: module(path), tests: tests.0 })
    }

    /// Whether the whole file is only compiled for tests, by its name.
    pub(super) fn is_tests(&self) -> bool {
        self.module.iter().any(|name| name == "tests")
    }

    /// Whether the byte at `offset` lies in an item under `#[cfg(test)]`.
    pub(super) fn in_tests(&self, offset: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&offset))
    }

    /// Every token; doc comments are left out.
    pub(super) fn code(&self) -> Vec<Token> {
        let mut found = Vec::new();
        flatten(self.text, self.tokens.clone(), &mut found);
        found.retain(|token| !is_comment(&self.text[token.bytes.clone()]));
        found
    }

    /// Every comment, doc comments too, with the line it begins on.
    pub(super) fn comments(&self) -> Vec<(usize, &'a str)> {
        let mut found = Vec::new();
        let mut end = 0;
        let mut tokens = Vec::new();
        flatten(self.text, self.tokens.clone(), &mut tokens);
        let whole = self.text.len();
        for bytes in tokens.into_iter().map(|token| token.bytes).chain(std::iter::once(whole..whole)) {
            if bytes.start > end {
                found.push((end, &self.text[end..bytes.start]));
            }
            if is_comment(&self.text[bytes.clone()]) && bytes.end > end {
                found.push((bytes.start, &self.text[bytes.clone()]));
            }
            end = end.max(bytes.end);
        }
        let lines = found.into_iter().flat_map(|(start, text)| {
            let first = self.text[..start].matches('\n').count() + 1;
            text.lines().enumerate().map(move |(at, line)| (first + at, line.trim()))
        });
        lines.filter(|(_, line)| !line.is_empty()).collect()
    }
}

/// Where one token is.
pub(super) struct Token {
    pub(super) bytes: Range<usize>,
    pub(super) lines: (usize, usize),
}

impl Token {
    fn at(span: proc_macro2::Span) -> Self {
        Token { bytes: span.byte_range(), lines: (span.start().line, span.end().line) }
    }
}

fn flatten(text: &str, stream: TokenStream, into: &mut Vec<Token>) {
    for tree in stream {
        let whole = tree.span();
        match tree {
            // A doc comment is an attribute whose every token stands where the comment stands.
            TokenTree::Group(group) if !is_comment(&text[whole.byte_range()]) => {
                into.push(Token::at(group.span_open()));
                flatten(text, group.stream(), into);
                into.push(Token::at(group.span_close()));
            }
            _ => into.push(Token::at(whole)),
        }
    }
}

fn is_comment(text: &str) -> bool {
    text.starts_with("//") || text.starts_with("/*")
}

fn module(path: &str) -> Vec<String> {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let mut names: Vec<_> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    names.pop_if(|name| name == "mod" || name == "lib");
    names
}

/// Whether an item is compiled for tests only.
pub(super) fn is_test_item(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// The attributes of an item, of whatever kind.
pub(super) fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    use syn::Item;
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

struct TestItems(Vec<Range<usize>>);

impl<'ast> Visit<'ast> for TestItems {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if is_test_item(attributes(item)) {
            self.0.push(item.span().byte_range());
        } else {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if is_test_item(&item.attrs) {
            self.0.push(item.span().byte_range());
        }
    }
}
