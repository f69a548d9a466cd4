//! Things that wait for each other, so that nobody could ever reach them.

use std::collections::BTreeMap;

use crate::program::reader::{Place, Sink, quoted};

/// Something that can only be reached when of each list in `needs` at least one thing has been.
pub(super) struct Node {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) needs: Vec<Vec<String>>,
}

/// Reports each circle once. Names that are not among the nodes count as reached: they are faults of their own.
pub(super) fn check(sink: &Sink<'_>, nodes: Vec<Node>) {
    let index: BTreeMap<&str, usize> = nodes.iter().enumerate().rev().map(|(i, n)| (n.name.as_str(), i)).collect();
    let needs: Vec<Vec<Vec<usize>>> = nodes
        .iter()
        .map(|node| {
            let known = |any: &Vec<String>| any.iter().map(|name| index.get(name.as_str()).copied()).collect();
            node.needs.iter().filter_map(known).collect()
        })
        .collect();
    let reached = reachable(&needs);
    let next = |i: usize| {
        let unmet = needs[i].iter().find(|any| !any.iter().any(|n| reached[*n]))?;
        unmet.first().copied()
    };
    let mut seen = vec![false; nodes.len()];
    for start in 0..nodes.len() {
        let (mut walk, mut at) = (Vec::new(), start);
        let from = loop {
            let here = walk.iter().position(|i| *i == at);
            if here.is_some() || reached[at] || seen[at] {
                break here;
            }
            seen[at] = true;
            walk.push(at);
            match next(at) {
                Some(then) => at = then,
                None => break None,
            }
        };
        let Some(from) = from else { continue };
        let circle = &walk[from..];
        let names = circle.iter().skip(1).chain(circle.first()).take(10).map(|i| quoted(&nodes[*i].name));
        let message =
            format!("needs {}: nobody could ever get there", names.collect::<Vec<_>>().join(", which needs "));
        sink.fault(&nodes[circle[0]].place, message, Some("break the circle in one place".to_owned()));
    }
}

/// Which nodes can be reached: `needs[i]` are lists of which one each must have been reached before `i`.
fn reachable(needs: &[Vec<Vec<usize>>]) -> Vec<bool> {
    let mut open: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut met: Vec<Vec<bool>> = needs.iter().map(|lists| vec![false; lists.len()]).collect();
    let mut wanted_by: Vec<Vec<(usize, usize)>> = vec![Vec::new(); needs.len()];
    for (i, lists) in needs.iter().enumerate() {
        for (list, any) in lists.iter().enumerate() {
            for n in any {
                wanted_by[*n].push((i, list));
            }
        }
    }
    let mut ready: Vec<usize> = (0..needs.len()).filter(|i| open[*i] == 0).collect();
    let mut reached = vec![false; needs.len()];
    while let Some(i) = ready.pop() {
        reached[i] = true;
        for (then, list) in wanted_by[i].clone() {
            if !std::mem::replace(&mut met[then][list], true) {
                open[then] -= 1;
                if open[then] == 0 {
                    ready.push(then);
                }
            }
        }
    }
    reached
}
