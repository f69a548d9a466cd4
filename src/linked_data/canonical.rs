//! RDFC-1.0: the one text of a dataset, whatever its blank nodes are called.

use sha2::Digest;
use sha2::digest::Output;

use super::dataset::{Dataset, Node, Quad, Term};
use super::limits::Budget;
use super::{Error, Limits};

/// How deep Hash N-Degree Quads may call itself.
const RECURSION: usize = 128;

/// A canonical dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    /// The statements as sorted canonical N-Quads.
    pub text: String,
    /// The canonical label of each labelled blank node, in order of label.
    pub labels: Vec<(String, String)>,
}

/// Canonicalizes a dataset with the hash `D` (SHA-256 unless a suite says otherwise).
pub fn canonicalize_dataset<D: Digest>(dataset: &Dataset, limits: &Limits) -> Result<Canonical, Error> {
    let (text, numbers) = canonical_text::<D>(dataset, limits)?;
    let mut labels: Vec<(String, String)> = dataset
        .labels()
        .filter(|&(_, number)| numbers[number as usize] != u32::MAX)
        .map(|(label, number)| (label.to_owned(), format!("c14n{}", numbers[number as usize])))
        .collect();
    labels.sort();
    Ok(Canonical { text, labels })
}

/// The statements as canonical N-Quads, but with a label of `label`'s for each blank node, and sorted by those.
///
/// `label` is asked with the number in a canonical label (7 for `c14n7`); where it has none, there is no answer. Two
/// blank nodes with one label would become one: that they differ is up to the caller.
pub fn canonicalize_relabelled<'a, D: Digest>(
    dataset: &Dataset,
    limits: &Limits,
    label: impl Fn(u32) -> Option<&'a str>,
) -> Result<Option<String>, Error> {
    let quads = dataset.distinct();
    let numbers = numbers::<D>(dataset, &quads, limits, &mut Scratch::for_quads(dataset, &quads))?;
    let labels: Option<Vec<&str>> =
        numbers.iter().map(|&number| if number == u32::MAX { Some("") } else { label(number) }).collect();
    Ok(labels.map(|labels| {
        sorted(dataset, &quads, Scratch::for_quads(dataset, &quads), |out, blank| {
            out.push_str("_:");
            out.push_str(labels[blank as usize]);
        })
    }))
}

/// The canonical N-Quads, and the canonical number of each blank node (`u32::MAX` where no statement mentions it).
pub(super) fn canonical_text<D: Digest>(dataset: &Dataset, limits: &Limits) -> Result<(String, Vec<u32>), Error> {
    let quads = dataset.distinct();
    let mut scratch = Scratch::for_quads(dataset, &quads);
    let numbers = numbers::<D>(dataset, &quads, limits, &mut scratch)?;
    let text = sorted(dataset, &quads, scratch, |out, blank| {
        out.push_str("_:c14n");
        push_number(out, numbers[blank as usize]);
    });
    Ok((text, numbers))
}

/// Statements written one after another, and where each begins and ends.
struct Scratch {
    text: String,
    lines: Vec<(usize, usize)>,
}

impl Scratch {
    fn for_quads(dataset: &Dataset, quads: &[Quad]) -> Scratch {
        let text = String::with_capacity(dataset.text.len() * 2 + quads.len() * 16);
        Scratch { text, lines: Vec::with_capacity(quads.len()) }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.lines.clear();
    }

    fn line(&mut self, dataset: &Dataset, quad: &Quad, blank: impl Fn(&mut String, u32)) {
        let start = self.text.len();
        write_line(&mut self.text, dataset, quad, blank);
        self.lines.push((start, self.text.len()));
    }

    /// The statements in the order of their code points.
    fn sorted(&mut self) -> impl Iterator<Item = &str> {
        let text = &self.text;
        self.lines.sort_unstable_by(|a, b| text[a.0..a.1].cmp(&text[b.0..b.1]));
        self.lines.iter().map(|&(start, end)| &text[start..end])
    }
}

fn sorted(dataset: &Dataset, quads: &[Quad], mut scratch: Scratch, blank: impl Fn(&mut String, u32)) -> String {
    scratch.clear();
    for quad in quads {
        scratch.line(dataset, quad, &blank);
    }
    let mut out = String::with_capacity(scratch.text.len());
    scratch.sorted().for_each(|line| out.push_str(line));
    out
}

/// The canonical number of each blank node.
fn numbers<D: Digest>(
    dataset: &Dataset,
    quads: &[Quad],
    limits: &Limits,
    scratch: &mut Scratch,
) -> Result<Vec<u32>, Error> {
    let blanks = dataset.blanks as usize;
    let mentions = mentions(quads, blanks);
    let first = (0..blanks).map(|blank| first_degree::<D>(dataset, quads, &mentions[blank], blank, scratch)).collect();
    let mut labeller = Labeller::<D> {
        dataset,
        quads,
        mentions,
        first,
        canonical: Issuer::default(),
        steps: Budget::new("steps of telling blank nodes apart", limits.steps),
        hashes: 0,
    };
    labeller.label_all()?;
    let mut numbers = vec![u32::MAX; blanks];
    for (&blank, &number) in &labeller.canonical.numbers {
        numbers[blank as usize] = number;
    }
    Ok(numbers)
}

/// Which statements mention each blank node; each statement once.
fn mentions(quads: &[Quad], blanks: usize) -> Vec<Vec<u32>> {
    let mut mentions = vec![Vec::new(); blanks];
    for (at, quad) in (0_u32..).zip(quads) {
        for term in [Some(quad.subject), Some(quad.object), quad.graph].into_iter().flatten() {
            if let Term::Blank(blank) = term {
                let list: &mut Vec<u32> = &mut mentions[blank as usize];
                if list.last() != Some(&at) {
                    list.push(at);
                }
            }
        }
    }
    mentions
}

/// Hash First Degree Quads.
fn first_degree<D: Digest>(
    dataset: &Dataset,
    quads: &[Quad],
    mentions: &[u32],
    blank: usize,
    scratch: &mut Scratch,
) -> Output<D> {
    scratch.clear();
    for &at in mentions {
        scratch.line(dataset, &quads[at as usize], |out, other| {
            out.push_str(if other as usize == blank { "_:a" } else { "_:z" });
        });
    }
    let mut hash = D::new();
    scratch.sorted().for_each(|line| hash.update(line));
    hash.finalize()
}

#[expect(clippy::disallowed_types, reason = "the numbers are ours, one after another, whatever a stranger writes")]
type Numbers = rustc_hash::FxHashMap<u32, u32>;

/// Gives out numbers in order of first asking.
#[derive(Debug, Clone, Default)]
struct Issuer {
    numbers: Numbers,
    order: Vec<u32>,
}

impl Issuer {
    fn issue(&mut self, blank: u32) -> u32 {
        if let Some(&number) = self.numbers.get(&blank) {
            return number;
        }
        let number = u32::try_from(self.order.len()).expect("there are at most 2^32 blank nodes");
        self.numbers.insert(blank, number);
        self.order.push(blank);
        number
    }
}

/// The hash of a relation, and the blank nodes that stand in it.
type Related<D> = (Output<D>, Vec<u32>);

struct Labeller<'a, D: Digest> {
    dataset: &'a Dataset,
    quads: &'a [Quad],
    mentions: Vec<Vec<u32>>,
    first: Vec<Output<D>>,
    canonical: Issuer,
    steps: Budget,
    /// Related hashes that no step has been counted for yet.
    hashes: usize,
}

impl<D: Digest> Labeller<'_, D> {
    /// Labels blank nodes with a hash of their own, then the others, group by group.
    fn label_all(&mut self) -> Result<(), Error> {
        let mut order: Vec<u32> =
            (0..self.dataset.blanks).filter(|&blank| !self.mentions[blank as usize].is_empty()).collect();
        order.sort_by(|&a, &b| self.first[a as usize].cmp(&self.first[b as usize]));
        let groups: Vec<Vec<u32>> =
            order.chunk_by(|&a, &b| self.first[a as usize] == self.first[b as usize]).map(<[u32]>::to_vec).collect();
        for group in groups.iter().filter(|group| group.len() == 1) {
            self.canonical.issue(group[0]);
        }
        for group in groups.iter().filter(|group| group.len() > 1) {
            let mut paths = Vec::new();
            for &blank in group {
                if self.canonical.numbers.contains_key(&blank) {
                    continue;
                }
                let mut temporary = Issuer::default();
                temporary.issue(blank);
                paths.push(self.n_degree(blank, &temporary, 0)?);
            }
            paths.sort_by(|a, b| a.0.cmp(&b.0));
            for (_, issued) in paths {
                for blank in issued.order {
                    self.canonical.issue(blank);
                }
            }
        }
        Ok(())
    }

    /// Hash N-Degree Quads. The lists of related nodes keep their repetitions, as rdf-canonize does.
    fn n_degree(&mut self, blank: u32, issuer: &Issuer, depth: usize) -> Result<(Output<D>, Issuer), Error> {
        if depth > RECURSION {
            return Err(Error::TooComplex { what: "blank nodes in a row that look alike", limit: RECURSION });
        }
        self.steps.spend(1)?;
        let mut data = D::new();
        let mut issuer = issuer.clone();
        for (hash, related) in self.related(blank, &issuer)? {
            data.update(hex(&hash));
            let (path, chosen) = self.best_path(related, &issuer, depth)?;
            data.update(path);
            issuer = chosen;
        }
        Ok((data.finalize(), issuer))
    }

    /// The neighbours of a blank node, grouped by how they are related to it, in order of hash.
    fn related(&mut self, blank: u32, issuer: &Issuer) -> Result<Vec<Related<D>>, Error> {
        let mut found: Vec<(Output<D>, u32)> = Vec::new();
        for &at in &self.mentions[blank as usize] {
            let quad = self.quads[at as usize];
            for (term, position) in [(Some(quad.subject), 's'), (Some(quad.object), 'o'), (quad.graph, 'g')] {
                if let Some(Term::Blank(other)) = term
                    && other != blank
                {
                    self.hashes += 1 + Dataset::size(Node(quad.predicate)) / 128;
                    self.steps.spend(self.hashes / 16)?;
                    self.hashes %= 16;
                    found.push((self.related_hash(other, &quad, issuer, position), other));
                }
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
        Ok(found
            .chunk_by(|a, b| a.0 == b.0)
            .map(|group| (group[0].0.clone(), group.iter().map(|&(_, other)| other).collect()))
            .collect())
    }

    fn related_hash(&self, other: u32, quad: &Quad, issuer: &Issuer, position: char) -> Output<D> {
        let mut input = String::with_capacity(160);
        input.push(position);
        if position != 'g' {
            push_term(&mut input, self.dataset, quad.predicate, |_, _| {});
        }
        if !self.push_issued(&mut input, other, issuer) {
            input.push_str(&hex(&self.first[other as usize]));
        }
        D::digest(input)
    }

    /// The least path through the related nodes, over all their orders.
    fn best_path(&mut self, mut order: Vec<u32>, issuer: &Issuer, depth: usize) -> Result<(String, Issuer), Error> {
        let mut best: Option<(String, Issuer)> = None;
        loop {
            self.steps.spend(1 + (order.len() + issuer.order.len()) / 64)?;
            let worse = |path: &str, best: &Option<(String, Issuer)>| {
                best.as_ref().is_some_and(|(chosen, _)| path.len() >= chosen.len() && path > chosen.as_str())
            };
            if let Some(found) = self.path(&order, issuer, depth, &|path| worse(path, &best))?
                && best.as_ref().is_none_or(|(chosen, _)| found.0 < *chosen)
            {
                best = Some(found);
            }
            if !next_permutation(&mut order) {
                return Ok(best.expect("the first order is never worse than none"));
            }
        }
    }

    /// The path of one order, or nothing as soon as it is worse than one already found.
    fn path(
        &mut self,
        order: &[u32],
        issuer: &Issuer,
        depth: usize,
        worse: &dyn Fn(&str) -> bool,
    ) -> Result<Option<(String, Issuer)>, Error> {
        let mut issuer = issuer.clone();
        let mut path = String::new();
        let mut unvisited = Vec::new();
        for &other in order {
            if !self.push_issued(&mut path, other, &issuer) {
                unvisited.push(other);
                path.push_str("_:b");
                push_number(&mut path, issuer.issue(other));
            }
            if worse(&path) {
                return Ok(None);
            }
        }
        for other in unvisited {
            let (hash, next) = self.n_degree(other, &issuer, depth + 1)?;
            path.push_str("_:b");
            push_number(&mut path, issuer.issue(other));
            path.push('<');
            path.push_str(&hex(&hash));
            path.push('>');
            issuer = next;
            if worse(&path) {
                return Ok(None);
            }
        }
        Ok(Some((path, issuer)))
    }

    /// Writes the label that a blank node already has, if it has one.
    fn push_issued(&self, out: &mut String, blank: u32, issuer: &Issuer) -> bool {
        let (prefix, number) = match (self.canonical.numbers.get(&blank), issuer.numbers.get(&blank)) {
            (Some(&number), _) => ("_:c14n", number),
            (None, Some(&number)) => ("_:b", number),
            (None, None) => return false,
        };
        out.push_str(prefix);
        push_number(out, number);
        true
    }
}

fn next_permutation(list: &mut [u32]) -> bool {
    let Some(pivot) = (1..list.len()).rev().find(|&at| list[at - 1] < list[at]) else { return false };
    let swap = (pivot..list.len()).rev().find(|&at| list[at] > list[pivot - 1]).expect("at least the pivot is larger");
    list.swap(pivot - 1, swap);
    list[pivot..].reverse();
    true
}

fn write_line(out: &mut String, dataset: &Dataset, quad: &Quad, blank: impl Fn(&mut String, u32)) {
    push_term(out, dataset, quad.subject, &blank);
    out.push(' ');
    push_term(out, dataset, quad.predicate, &blank);
    out.push(' ');
    push_term(out, dataset, quad.object, &blank);
    if let Some(graph) = quad.graph {
        out.push(' ');
        push_term(out, dataset, graph, &blank);
    }
    out.push_str(" .\n");
}

fn push_term(out: &mut String, dataset: &Dataset, term: Term, blank: impl Fn(&mut String, u32)) {
    match term {
        Term::Blank(number) => blank(out, number),
        Term::Text(start, end) => out.push_str(dataset.slice(start, end)),
    }
}

fn push_number(out: &mut String, number: u32) {
    let digit = |number: u32| char::from_digit(number % 10, 10).expect("below ten");
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(digit(number));
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).expect("below sixteen");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
