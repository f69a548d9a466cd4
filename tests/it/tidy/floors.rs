//! The floors, read from the table in the documentation of `src/lib.rs`, so that the picture and the test cannot differ.

use super::paths::used;
use super::source::{Fault, Source};

/// The modules of the library from the lowest up.
#[derive(Debug)]
pub(super) struct Floors(Vec<Module>);

#[derive(Debug)]
struct Module {
    name: String,
    pure: bool,
}

/// They stand above every floor and are not named in the table.
const ROOF: [&str; 1] = ["main"];

impl Floors {
    /// Refuses a table that leaves out a module, or has one that does not exist.
    pub(super) fn of(library: &str) -> Result<Self, String> {
        let row = |line: &str| -> Option<Vec<Module>> {
            let mut cells = line.strip_prefix("//! |")?.split('|').map(str::trim);
            let floor = cells.next().filter(|cell| cell.starts_with(|first: char| first.is_ascii_digit()))?;
            let names = cells.next()?.split(',').map(|name| name.trim().trim_matches(['[', ']', '`']).to_owned());
            Some(names.map(|name| Module { name, pure: floor.ends_with("pure") }).collect())
        };
        let modules: Vec<Module> = library.lines().filter_map(row).flatten().collect();
        let source = Source::parse("src/lib.rs", library).map_err(|fault| fault.words)?;
        let declared: Vec<_> = source
            .file
            .items
            .iter()
            .filter_map(|item| if let syn::Item::Mod(module) = item { Some(module.ident.to_string()) } else { None })
            .collect();
        let listed = |name: &String| modules.iter().any(|module| module.name == *name);
        if let Some(missing) = declared.iter().find(|name| !listed(name)) {
            return Err(format!("`{missing}` is on no floor"));
        }
        if let Some(absent) = modules.iter().find(|module| !declared.contains(&module.name)) {
            return Err(format!("`{}` is on a floor but does not exist", absent.name));
        }
        Ok(Floors(modules))
    }

    /// Whether the module lies on a pure floor.
    pub(super) fn pure(&self, module: &[String]) -> bool {
        self.place(module.first()).is_some_and(|place| self.0.get(place).is_some_and(|module| module.pure))
    }

    /// What a file uses of floors above its own, or of later modules of its own floor.
    pub(super) fn upward(&self, source: &Source) -> Vec<Fault> {
        let Some(own) = source.module.first().filter(|_| !source.is_tests()) else { return Vec::new() };
        let Some(place) = self.place(Some(own)) else {
            return vec![Fault::at(1, format!("`{own}` is on no floor"))];
        };
        let mut faults: Vec<_> = used(source)
            .iter()
            .filter(|used| used.written && used.path.first().is_some_and(|root| root == "crate"))
            .filter_map(|used| {
                let words = match used.path.get(1) {
                    None => "names the whole crate, which hides what it uses".to_owned(),
                    Some(name) if name == "*" => "takes everything from the root of the crate".to_owned(),
                    Some(name) if ROOF.contains(&own.as_str()) && self.place(Some(name)).is_none() => return None,
                    Some(name) => match self.place(Some(name)) {
                        Some(other) if other <= place => return None,
                        Some(_) => format!("`{own}` uses `{name}`, which is not below it"),
                        None => format!("`crate::{name}` is on no floor"),
                    },
                };
                Some(Fault::at(used.line, words))
            })
            .collect();
        faults.dedup();
        faults
    }

    fn place(&self, name: Option<&String>) -> Option<usize> {
        let name = name?;
        if ROOF.contains(&name.as_str()) {
            return Some(self.0.len());
        }
        self.0.iter().position(|module| module.name == *name)
    }
}

#[test]
fn the_table_names_every_module_and_no_other() {
    let table =
        |modules: &str| format!("//! | floor | modules |\n//! | 0 | [`id`] |\n//! | 1 pure | [`proof`] |\n{modules}");
    let both = Floors::of(&table("pub mod id;\npub mod proof;\n")).expect("a full table");
    assert!(both.pure(&["proof".to_owned(), "did".to_owned()]) && !both.pure(&["id".to_owned()]));
    let error = |modules: &str| Floors::of(&table(modules)).expect_err("an untrue table");
    assert_eq!(error("pub mod id;\npub mod proof;\npub mod mail;\n"), "`mail` is on no floor");
    assert_eq!(error("pub mod id;\n"), "`proof` is on a floor but does not exist");
}
