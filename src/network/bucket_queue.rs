//! The queue of a search: buckets of neighbouring costs, taken in order.

use super::search::Label;

/// Buckets in the window; a power of two times 64.
const N_BUCKETS: usize = 4096;

/// A label to be passed on from a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) node: u32,
    pub(super) label: Label,
}

impl Entry {
    fn key(&self) -> u32 {
        self.label.cost.minimised
    }
}

/// A monotone queue: nothing may be pushed that is less than the start of the bucket of the last entry popped.
///
/// Bucket i holds the keys of the window from `base + (i << width_log2)`, in no order, so a search that uses it must
/// correct labels. Keys beyond the window wait in `far` until the window is empty, then it moves to the least of them.
/// Pop and push are O(1) but for that. Stale entries are the caller's to skip.
#[derive(Debug)]
pub(super) struct BucketQueue {
    buckets: Vec<Vec<Entry>>,
    /// One bit a bucket.
    occupied: Vec<u64>,
    current: usize,
    base: u32,
    width_log2: u32,
    far: Vec<Entry>,
}

impl BucketQueue {
    pub(super) fn new() -> Self {
        Self {
            buckets: vec![Vec::new(); N_BUCKETS],
            occupied: vec![0; N_BUCKETS / 64],
            current: 0,
            base: 0,
            width_log2: 0,
            far: Vec::new(),
        }
    }

    /// Empties it and sets the width of buckets to 2 to the power of `width_log2`.
    pub(super) fn reset(&mut self, width_log2: u32) {
        self.buckets.iter_mut().for_each(Vec::clear);
        self.occupied.fill(0);
        self.far.clear();
        self.current = 0;
        self.base = 0;
        self.width_log2 = width_log2;
    }

    #[inline]
    pub(super) fn push(&mut self, entry: Entry) {
        let bucket = ((entry.key() - self.base) >> self.width_log2) as usize;
        if bucket < N_BUCKETS {
            self.buckets[bucket].push(entry);
            self.occupied[bucket / 64] |= 1 << (bucket % 64);
        } else {
            self.far.push(entry);
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Entry> {
        loop {
            if let Some(entry) = self.buckets[self.current].pop() {
                return Some(entry);
            }
            self.occupied[self.current / 64] &= !(1 << (self.current % 64));
            match self.next_occupied() {
                Some(bucket) => self.current = bucket,
                None => self.move_window()?,
            }
        }
    }

    fn next_occupied(&self) -> Option<usize> {
        let first = self.current / 64;
        (first..self.occupied.len())
            .find(|word| self.occupied[*word] != 0)
            .map(|word| word * 64 + self.occupied[word].trailing_zeros() as usize)
    }

    /// Starts the window at the least key that waits; none if nothing waits.
    fn move_window(&mut self) -> Option<()> {
        self.base = self.far.iter().map(Entry::key).min()?;
        self.current = 0;
        for entry in std::mem::take(&mut self.far) {
            self.push(entry);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Cost;
    use super::*;

    fn entry(key: u32) -> Entry {
        let cost = Cost {
            minimised: key,
            other: 0,
        };
        Entry {
            node: 0,
            label: Label { facility: 0, cost },
        }
    }

    #[test]
    fn buckets_of_width_one_give_keys_in_order_across_windows() {
        let mut queue = BucketQueue::new();
        queue.reset(0);
        let keys = [5, 4_000_000_000, 70_000, 0, 4096, 4095, 70_000];
        for key in keys {
            queue.push(entry(key));
        }
        let mut expected = keys;
        expected.sort_unstable();
        let popped: Vec<u32> = std::iter::from_fn(|| queue.pop())
            .map(|entry| entry.key())
            .collect();
        assert_eq!(popped, expected);
    }
}
