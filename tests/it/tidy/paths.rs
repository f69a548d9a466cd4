//! Every path that a file writes, made absolute: in imports, expressions, types, attributes and inside macro calls.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::source::{Source, attributes, is_test_item};

/// One path as the compiler would resolve it, by the imports of the file; `crate` stands for this library.
#[derive(Debug)]
pub(super) struct Used {
    pub(super) line: usize,
    pub(super) path: Vec<String>,
    /// Written out (`crate::…`, `super::…`, an import), not through a name that an import brought.
    pub(super) written: bool,
}

/// The paths of a file outside its tests, in order of lines.
pub(super) fn used(source: &Source) -> Vec<Used> {
    let mut imports = Imports { module: source.module.clone(), names: HashMap::new(), found: Vec::new() };
    imports.visit_file(&source.file);
    let mut paths = Paths { module: source.module.clone(), names: imports.names, found: imports.found };
    paths.visit_file(&source.file);
    let mut found = paths.found;
    found.sort_by_key(|used| used.line);
    found
}

/// First the imports alone: they may stand below their first use.
struct Imports {
    module: Vec<String>,
    names: HashMap<String, Vec<String>>,
    found: Vec<Used>,
}

impl Imports {
    fn tree(&mut self, tree: &syn::UseTree, mut path: Vec<String>) {
        let mut end = |name: &syn::Ident, alias: String, mut path: Vec<String>| {
            // `use a::{self}` names `a` itself.
            if name != "self" || path.is_empty() {
                path.push(name.to_string());
            }
            let path = absolute(&self.module, path);
            let alias = if alias == "self" { path.last().cloned().unwrap_or_default() } else { alias };
            self.names.insert(alias, path.clone());
            self.found.push(Used { line: name.span().start().line, path, written: true });
        };
        match tree {
            syn::UseTree::Path(branch) => {
                path.push(branch.ident.to_string());
                self.tree(&branch.tree, path);
            }
            syn::UseTree::Name(leaf) => end(&leaf.ident, leaf.ident.to_string(), path),
            syn::UseTree::Rename(leaf) => end(&leaf.ident, leaf.rename.to_string(), path),
            syn::UseTree::Glob(star) => {
                path = absolute(&self.module, path);
                path.push("*".to_owned());
                self.found.push(Used { line: star.star_token.span.start().line, path, written: true });
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, path.clone())),
        }
    }
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test_item(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, Vec::new());
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.found.push(Used {
            line: item.ident.span().start().line,
            path: absolute(&self.module, vec![item.ident.to_string()]),
            written: true,
        });
    }
}

struct Paths {
    module: Vec<String>,
    names: HashMap<String, Vec<String>>,
    found: Vec<Used>,
}

impl Paths {
    fn add(&mut self, line: usize, path: Vec<String>) {
        let imported = path.first().and_then(|first| self.names.get(first));
        if let Some(imported) = imported {
            let path = imported.iter().chain(&path[1..]).cloned().collect();
            self.found.push(Used { line, path, written: false });
        } else if path.len() > 1 {
            self.found.push(Used { line, path: absolute(&self.module, path), written: true });
        }
    }

    /// Inside a macro call there is no tree: words joined by `::` are taken for a path.
    fn tokens(&mut self, stream: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for tree in stream {
            match tree {
                TokenTree::Punct(point) if point.as_char() == ':' => colons += 1,
                TokenTree::Ident(word) => {
                    if colons != 2 {
                        self.add(line, std::mem::take(&mut path));
                        line = word.span().start().line;
                    }
                    path.push(word.to_string());
                    colons = 0;
                }
                other => {
                    self.add(line, std::mem::take(&mut path));
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Literal(literal) => self.quoted(&literal),
                        _ => {}
                    }
                }
            }
        }
        self.add(line, path);
    }

    /// `#[serde(with = "crate::…")]` and its like.
    fn quoted(&mut self, literal: &proc_macro2::Literal) {
        let text = literal.to_string();
        let inside = text.trim_matches('"');
        if ["crate::", "super::", "assay::"].iter().any(|root| inside.starts_with(root)) {
            let path = inside.split("::").map(str::to_owned).collect();
            self.found.push(Used {
                line: literal.span().start().line,
                path: absolute(&self.module, path),
                written: true,
            });
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test_item(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_test_item(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
        self.add(line, segments);
        visit::visit_path(self, path);
    }

    /// `<Utc>::now` is `Utc::now`.
    fn visit_expr_path(&mut self, expression: &'ast syn::ExprPath) {
        if let Some(syn::QSelf { ty, position: 0, .. }) = &expression.qself
            && let syn::Type::Path(inner) = &**ty
        {
            let both = inner.path.segments.iter().chain(&expression.path.segments);
            let line = inner.path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
            self.add(line, both.map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_expr_path(self, expression);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if attribute.path().is_ident("doc") {
            return;
        }
        self.visit_path(attribute.path());
        if let syn::Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone());
        }
    }

    /// Who may see an item says nothing about what the item needs.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

/// `super::x` in `["proof", "did"]` is `crate::proof::x`; paths to other crates stay as they are.
fn absolute(module: &[String], path: Vec<String>) -> Vec<String> {
    let root = || vec!["crate".to_owned()];
    let here = || root().into_iter().chain(module.iter().cloned());
    match path.first().map(String::as_str) {
        Some("crate" | "assay") => root().into_iter().chain(path.into_iter().skip(1)).collect(),
        Some("self") => here().chain(path.into_iter().skip(1)).collect(),
        Some("super") => {
            let up = path.iter().take_while(|segment| *segment == "super").count();
            let stay = (module.len() + 1).saturating_sub(up).max(1);
            here().take(stay).chain(path.into_iter().skip(up)).collect()
        }
        _ => path,
    }
}
