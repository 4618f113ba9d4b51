//! Bands of zooms that share one generalised geometry.

use crate::domain::{Layer, RecordKind};

/// The equator, as the tile grid counts it: 2π · 6,378,137 m.
const EQUATOR_M: f64 = 40_075_016.685_578_49;

/// Zooms for which a layer's geometry is stored once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) enum Band {
    /// Zooms 0 to 4.
    Z0,
    /// Zooms 5 to 8.
    Z5,
    /// Zooms 9 and 10.
    Z8,
    /// Zoom 11 and closer: every vertex, and every point at any zoom.
    Z11,
}

impl Band {
    /// The bands that a layer is stored in, finest first: points, cells and context have one form, tables none.
    pub(in crate::store) fn of(layer: Layer) -> &'static [Self] {
        match layer.kind() {
            RecordKind::Village | RecordKind::Road | RecordKind::Barrier => {
                &[Self::Z11, Self::Z8, Self::Z5, Self::Z0]
            }
            RecordKind::Facility
            | RecordKind::Settlement
            | RecordKind::VillageOffice
            | RecordKind::Crossing
            | RecordKind::PopulationCell
            | RecordKind::ContextFeature => &[Self::Z11],
            RecordKind::VillageValues | RecordKind::RoadSection => &[],
        }
    }

    /// The coarsest band of a layer that is good enough where this many metres are one pixel.
    pub(in crate::store) fn for_resolution(layer: Layer, resolution_m: f64) -> Self {
        let mut bands = Self::of(layer).iter().rev();
        let fine = bands.find(|band| band.tolerance_m() <= resolution_m);
        fine.copied().unwrap_or(Self::Z11)
    }

    /// The band that a tile of a layer is made from.
    pub(in crate::store) fn for_zoom(layer: Layer, zoom: u8) -> Self {
        let band = match zoom {
            0..=4 => Self::Z0,
            5..=8 => Self::Z5,
            9..=10 => Self::Z8,
            11.. => Self::Z11,
        };
        if Self::of(layer).contains(&band) {
            band
        } else {
            Self::Z11
        }
    }

    /// How its table ends.
    pub(in crate::store) fn suffix(self) -> &'static str {
        match self {
            Self::Z0 => "z0",
            Self::Z5 => "z5",
            Self::Z8 => "z8",
            Self::Z11 => "z11",
        }
    }

    /// What may be left out, in metres on the grid; nothing in the full band.
    ///
    /// A quarter of a pixel of a 512-pixel tile at zooms 4, 7 and 10. At zoom 8, where most districts are looked at as a
    /// whole, it is half a pixel: the finer band would double what a weak link has to carry.
    pub(in crate::store) fn tolerance_m(self) -> f64 {
        let quarter_pixel = |zoom: u32| EQUATOR_M / f64::from(4 * 512 * (1_u32 << zoom));
        match self {
            Self::Z0 => quarter_pixel(4),
            Self::Z5 => quarter_pixel(7),
            Self::Z8 => quarter_pixel(10),
            Self::Z11 => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_takes_the_coarsest_band_that_its_pixels_cannot_tell_from_the_full_one() {
        let band = |resolution_m| Band::for_resolution(Layer::Villages, resolution_m);
        // 40,075,017 m / 2,048 / 2^10 = 19.1 m; 2^7: 152.9 m; 2^4: 1,223 m.
        assert_eq!(band(1.0), Band::Z11);
        assert_eq!(band(20.0), Band::Z8);
        assert_eq!(band(160.0), Band::Z5);
        assert_eq!(band(1e6), Band::Z0);
        assert_eq!(Band::for_resolution(Layer::Schools, 1e6), Band::Z11);
    }
}
