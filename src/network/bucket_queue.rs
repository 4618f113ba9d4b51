//! The queue of a search: buckets of neighbouring costs, taken in order.

/// Buckets in the window; a power of two times 64.
const N_BUCKETS: usize = 4096;
/// Entries taken at a time: enough that the waits for their arcs overlap.
pub(super) const BATCH: usize = 32;

/// A node that has something to pass on, and the cost of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) cost: u32,
    pub(super) node: u32,
}

/// A monotone queue: nothing may be pushed that is less than the start of the bucket of the entries popped last.
///
/// Bucket i holds the costs of the window from `base + (i << width_log2)`, in no order, so a search that uses it must
/// correct labels. Costs beyond the window wait in `far` until the window is empty, then it moves to the least of them.
/// An entry costs O(1) to push and to pop but for that. Stale entries are the caller's to skip.
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

    /// Empties it, sets the width of buckets to 2 to the power of `width_log2` and the least cost to come.
    pub(super) fn reset(&mut self, width_log2: u32, least: u32) {
        for (word, occupied) in self.occupied.iter_mut().enumerate() {
            while *occupied != 0 {
                self.buckets[word * 64 + occupied.trailing_zeros() as usize].clear();
                *occupied &= *occupied - 1;
            }
        }
        self.far.clear();
        self.current = 0;
        self.base = least;
        self.width_log2 = width_log2;
    }

    #[inline]
    pub(super) fn push(&mut self, entry: Entry) {
        let bucket = ((entry.cost - self.base) >> self.width_log2) as usize;
        if bucket < N_BUCKETS {
            self.buckets[bucket].push(entry);
            self.occupied[bucket / 64] |= 1 << (bucket % 64);
        } else {
            self.far.push(entry);
        }
    }

    /// Puts up to [`BATCH`] entries of the least bucket into `batch`, in place of what is in it; none if nothing is left.
    #[inline]
    pub(super) fn pop_batch(&mut self, batch: &mut Vec<Entry>) {
        batch.clear();
        loop {
            let bucket = &mut self.buckets[self.current];
            batch.extend(bucket.drain(bucket.len().saturating_sub(BATCH)..));
            if !batch.is_empty() {
                return;
            }
            self.occupied[self.current / 64] &= !(1 << (self.current % 64));
            match self.next_occupied() {
                Some(bucket) => self.current = bucket,
                None if self.far.is_empty() => return,
                None => self.move_window(),
            }
        }
    }

    fn next_occupied(&self) -> Option<usize> {
        let first = self.current / 64;
        (first..self.occupied.len())
            .find(|word| self.occupied[*word] != 0)
            .map(|word| word * 64 + self.occupied[word].trailing_zeros() as usize)
    }

    /// Starts the window at the least cost that waits.
    fn move_window(&mut self) {
        let least = self.far.iter().map(|entry| entry.cost).min();
        self.base = least.unwrap_or(self.base);
        self.current = 0;
        for entry in std::mem::take(&mut self.far) {
            self.push(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pop_costs(queue: &mut BucketQueue) -> Vec<u32> {
        let mut batch = Vec::new();
        queue.pop_batch(&mut batch);
        batch.iter().map(|entry| entry.cost).collect()
    }

    #[test]
    fn buckets_of_width_one_give_costs_in_order_across_windows() {
        let mut queue = BucketQueue::new();
        queue.reset(0, 0);
        let costs = [5, 4_000_000_000, 70_000, 0, 4096, 4095, 70_000];
        for cost in costs {
            queue.push(Entry { cost, node: 0 });
        }
        let mut expected = costs;
        expected.sort_unstable();
        let mut popped = Vec::new();
        for _ in 0..costs.len() {
            popped.extend(pop_costs(&mut queue));
        }
        assert_eq!(popped, expected);
    }

    #[test]
    fn a_full_bucket_is_taken_in_batches() {
        let mut queue = BucketQueue::new();
        queue.reset(4, 0);
        for cost in (0..16).cycle().take(BATCH + 3) {
            queue.push(Entry { cost, node: 0 });
        }
        let sizes = [BATCH, 3, 0].map(|_| pop_costs(&mut queue).len());
        assert_eq!(sizes, [BATCH, 3, 0]);
    }

    #[test]
    fn a_reset_queue_is_empty_whatever_was_left_in_it() {
        let mut queue = BucketQueue::new();
        queue.reset(0, 0);
        for cost in [0, 64, 4095, 1_000_000] {
            queue.push(Entry { cost, node: 0 });
        }
        assert_eq!(pop_costs(&mut queue), [0]);
        queue.reset(2, 7);
        assert!(pop_costs(&mut queue).is_empty());
    }
}
