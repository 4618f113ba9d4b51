//! Places in the order of a curve, so that what is near on the ground is near in memory.

/// Where a Hilbert curve through every point of a square grid meets this one.
///
/// One curve for the whole earth: a road more elsewhere does not change the order of the rest, and two points have the
/// same position only if they are the same.
///
/// # References
/// Hilbert, Über die stetige Abbildung einer Linie auf ein Flächenstück (1891), doi:10.1007/BF01199431.
pub fn hilbert_position([mut x, mut y]: [u32; 2]) -> u64 {
    let mut position = 0;
    for bit in (0..u32::BITS).rev() {
        let (east, north) = ((x >> bit) & 1, (y >> bit) & 1);
        position = (position << 2) | u64::from((3 * east) ^ north);
        if north == 0 {
            // The southern quarters are turned; only the lower bits are read from here on.
            if east == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    position
}

#[cfg(test)]
mod tests {
    use super::super::grid_point::GridPoint;
    use super::*;

    #[test]
    fn neighbours_along_the_curve_are_neighbours_on_the_grid() {
        const SIDE: i32 = 32;
        let points = (-SIDE..SIDE).flat_map(|x| (-SIDE..SIDE).map(move |y| (x, y)));
        let mut by_position: Vec<(u64, (i32, i32))> = points
            .map(|(x, y)| (hilbert_position(GridPoint::new(x, y).to_unsigned()), (x, y)))
            .collect();
        by_position.sort_unstable();
        let mut n_jumps = 0;
        for pair in by_position.windows(2) {
            let [(before, a), (after, b)] = [pair[0], pair[1]];
            assert!(before < after);
            let n_steps = (a.0 - b.0).abs() + (a.1 - b.1).abs();
            n_jumps += u32::from(n_steps != 1);
        }
        // The square lies around the middle of the earth, where four quarters of the curve meet: three gaps at most.
        assert!(n_jumps <= 3, "{n_jumps} jumps");
    }
}
