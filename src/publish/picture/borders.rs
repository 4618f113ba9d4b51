//! Borders of kecamatan: the pieces of outline that villages of different kecamatan share.

use std::collections::BTreeMap;

use super::ground::Step;

/// A piece of outline between two corners, the lesser first.
type Piece = (Step, Step);

/// Lines between villages of different groups, pieces joined where they meet.
///
/// A piece on one village's outline alone, or between villages of the same group, is in none.
/// A village whose group is unknown borders on nobody. O(n log n) in the number of corners.
pub(super) fn shared_borders<'a>(
    villages: impl IntoIterator<Item = (Option<&'a str>, &'a [Vec<Step>])>,
) -> Vec<Vec<Step>> {
    let mut groups: BTreeMap<Piece, Vec<&str>> = BTreeMap::new();
    for (group, rings) in villages {
        let Some(group) = group else { continue };
        for ring in rings {
            for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let piece = (*from.min(to), *from.max(to));
                groups.entry(piece).or_default().push(group);
            }
        }
    }
    let pieces = groups
        .into_iter()
        .filter(|(_, groups)| groups.iter().any(|group| *group != groups[0]))
        .map(|(piece, _)| piece);
    joined(pieces)
}

/// Lines that run along every piece once.
fn joined(pieces: impl Iterator<Item = Piece>) -> Vec<Vec<Step>> {
    let mut next: BTreeMap<Step, Vec<Step>> = BTreeMap::new();
    for (from, to) in pieces {
        next.entry(from).or_default().push(to);
        next.entry(to).or_default().push(from);
    }
    // Ends and junctions first; what is left then are closed rings.
    let is_end = |(_, ways): &(&Step, &Vec<Step>)| ways.len() != 2;
    let mut starts: Vec<Step> = next
        .iter()
        .filter(is_end)
        .map(|(start, _)| *start)
        .collect();
    starts.extend(next.keys().copied());
    let mut lines = Vec::new();
    for start in starts {
        while let Some(line) = walk(&mut next, start) {
            lines.push(line);
        }
    }
    lines
}

/// Takes pieces from `start` on until there is none; none where there is none at the start.
fn walk(next: &mut BTreeMap<Step, Vec<Step>>, start: Step) -> Option<Vec<Step>> {
    let mut line = vec![start];
    let mut here = start;
    while let Some(there) = next.get_mut(&here).and_then(Vec::pop) {
        if let Some(ways) = next.get_mut(&there)
            && let Some(back) = ways.iter().position(|way| *way == here)
        {
            ways.swap_remove(back);
        }
        line.push(there);
        here = there;
    }
    (1 < line.len()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: i64, y: i64) -> Vec<Vec<Step>> {
        vec![vec![(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]]
    }

    #[test]
    fn only_what_two_kecamatan_share_is_a_border() {
        // Two rows of two: the upper ones and the lower left are A, the lower right is B.
        let squares = [square(0, 0), square(1, 0), square(0, 1), square(1, 1)];
        let groups = [Some("A"), Some("A"), Some("A"), Some("B")];
        let borders = shared_borders(groups.into_iter().zip(squares.iter().map(Vec::as_slice)));
        assert_eq!(borders, [[(1, 2), (1, 1), (2, 1)]]);
    }

    #[test]
    fn an_enclave_has_a_closed_border() {
        let inner = square(1, 1)[0].clone();
        let outer = vec![vec![(0, 0), (3, 0), (3, 3), (0, 3)], inner.clone()];
        let inner = vec![inner];
        let borders =
            shared_borders([(Some("A"), outer.as_slice()), (Some("B"), inner.as_slice())]);
        assert_eq!(borders.len(), 1);
        assert_eq!(borders[0].first(), borders[0].last());
        assert_eq!(borders[0].len(), 5);
    }

    #[test]
    fn a_village_of_unknown_kecamatan_borders_on_nobody() {
        let squares = [square(0, 0), square(1, 0)];
        let groups = [Some("A"), None];
        let borders = shared_borders(groups.into_iter().zip(squares.iter().map(Vec::as_slice)));
        assert!(borders.is_empty());
    }
}
