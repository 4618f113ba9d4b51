//! The source's ids of roads, in one text.

use super::road_network::id;

/// Distinct ids in order, by position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct RoadIds {
    text: String,
    /// Per id where it ends in the text; it begins where the one before it ends.
    ends: Vec<u32>,
}

impl RoadIds {
    /// `ids` are distinct and in order.
    pub(super) fn new<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let mut new = Self::default();
        for road_id in ids {
            new.text.push_str(road_id);
            new.ends.push(id(new.text.len()));
        }
        new
    }

    /// The ids that [`Self::text`] and [`Self::ends`] are of; none if they are of no ids, or not distinct and in order.
    pub(super) fn parse(text: &str, ends: Vec<u32>) -> Option<Self> {
        let mut start = 0;
        let mut last = None;
        for end in &ends {
            let end = *end as usize;
            let road_id = text.get(start..end)?;
            if last >= Some(road_id) {
                return None;
            }
            (start, last) = (end, Some(road_id));
        }
        (start == text.len()).then(|| Self {
            text: text.to_owned(),
            ends,
        })
    }

    pub(super) fn get(&self, position: u32) -> &str {
        let start = match position.checked_sub(1) {
            Some(before) => self.ends[before as usize],
            None => 0,
        };
        &self.text[start as usize..self.ends[position as usize] as usize]
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn ends(&self) -> &[u32] {
        &self.ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_back_and_nonsense_is_not() {
        let ids = RoadIds::new(["", "a", "jalan é"]);
        assert_eq!(
            [0, 1, 2].map(|position| ids.get(position)),
            ["", "a", "jalan é"]
        );
        assert_eq!(RoadIds::parse(ids.text(), ids.ends().to_vec()), Some(ids));
        assert_eq!(RoadIds::parse("ba", vec![1, 2]), None, "out of order");
        assert_eq!(RoadIds::parse("aa", vec![1, 2]), None, "not distinct");
        assert_eq!(RoadIds::parse("é", vec![1, 2]), None, "half a letter");
        assert_eq!(RoadIds::parse("ab", vec![1]), None, "too much text");
        assert_eq!(RoadIds::parse("a", vec![2]), None, "too little text");
    }
}
