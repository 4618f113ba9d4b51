//! The way back from the facility that a demand point uses.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::demand::visit_ways;
use super::linkage::Linkage;
use super::nearest::to_nearest;
use crate::domain::{LonLat, Nearest, PointReach};
use crate::network::{Cancelled, Cost, Label, Search, Travel, offer};

/// For every demand point, the way back from its nearest facility; none where it has none or there is no way back.
///
/// A round trip is the way there (`reaches`, as [`nearest`](super::nearest()) gave them for the same `travel`,
/// `facilities` and `demand`), any time at the facility, and this. Where every road goes both ways, as for walkers,
/// the way back is the way there. Otherwise one search for each facility used, at first no farther than twice its
/// longest way there; O(facilities × edges) at worst.
///
/// # Errors
/// `cancel` was raised.
pub fn way_back(
    travel: &Travel,
    facilities: &[LonLat],
    demand: &[LonLat],
    reaches: &[PointReach],
    cancel: &AtomicBool,
) -> Result<Vec<Option<Nearest>>, Cancelled> {
    let ways_there = reaches.iter().map(|reach| reach.nearest);
    if travel.weights.is_symmetric() {
        return Ok(ways_there.collect());
    }
    let mut users: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut longest: BTreeMap<u32, u32> = BTreeMap::new();
    for (point, there) in ways_there.enumerate() {
        if let Some(there) = there {
            users.entry(there.facility).or_default().push(point);
            let cost = Cost::new(travel.metric, there.time, there.length).minimised;
            let so_far = longest.entry(there.facility).or_default();
            *so_far = cost.max(*so_far);
        }
    }
    let back = travel.turned_round();
    let mut search = Search::<1>::new();
    let mut ways = vec![None; demand.len()];
    for (facility, points) in users {
        let linkage = Linkage::new(&back, &[facilities[facility as usize]], NonZeroUsize::MIN);
        let near = longest[&facility].saturating_mul(2);
        for limit in [Some(near), None] {
            let is_open = |point: &&usize| ways[**point].is_none();
            let open: Vec<usize> = points.iter().filter(is_open).copied().collect();
            if open.is_empty() {
                break;
            }
            back.search(&mut search, &linkage.seeds, limit, cancel)?;
            for point in open {
                let way = best_way(&back, &linkage, &search, demand[point]);
                // Labels up to the limit are final, so a total up to it is; a larger one may be too large.
                let is_final = |way: &Label| limit.is_none_or(|limit| way.cost.minimised <= limit);
                ways[point] = way
                    .filter(is_final)
                    .map(|way| to_nearest(Label { facility, ..way }, travel.metric));
            }
        }
    }
    Ok(ways)
}

fn best_way(back: &Travel, linkage: &Linkage, search: &Search<1>, to: LonLat) -> Option<Label> {
    let mut best = [Label::NONE];
    visit_ways(back, linkage, search, to, |_, label| {
        offer(&mut best, label);
        best[0].cost.minimised
    });
    best[0].found()
}
