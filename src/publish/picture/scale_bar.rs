//! A scale bar of a round length.

/// A bar, and the ground that it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ScaleBar {
    pub(super) length_m: f64,
    pub(super) length_px: f64,
}

/// The longest bar of 1, 2 or 5 times a power of ten metres that is not longer than `room_px`.
///
/// None where even a metre is too long, or the scale is no number.
pub(super) fn scale_bar(px_per_ground_metre: f64, room_px: f64) -> Option<ScaleBar> {
    (0..=7)
        .rev()
        .flat_map(|power| [5.0, 2.0, 1.0].map(|times| times * 10_f64.powi(power)))
        .map(|length_m| ScaleBar {
            length_m,
            length_px: length_m * px_per_ground_metre,
        })
        .find(|bar| bar.length_px <= room_px)
}

impl ScaleBar {
    /// `500 m`, `20 km`.
    pub(super) fn label(self) -> String {
        if self.length_m < 1000.0 {
            format!("{:.0} m", self.length_m)
        } else {
            format!("{:.0} km", self.length_m / 1000.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_round_and_as_long_as_there_is_room() {
        // 100 m to the pixel: 120 pixels are 12 km, 10 km are 100 pixels.
        let bar = scale_bar(0.01, 120.0).unwrap();
        assert_eq!(bar.label(), "10 km");
        assert!((bar.length_px - 100.0).abs() < 1e-9);
        assert_eq!(scale_bar(1.0, 250.0).unwrap().label(), "200 m");
        assert_eq!(scale_bar(10.0, 5.0), None);
        assert_eq!(scale_bar(f64::NAN, 5.0), None);
    }
}
