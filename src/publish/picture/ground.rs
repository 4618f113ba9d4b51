//! From metres on the ground to pixels of the picture.

use std::fmt::Write;

use geo_types::{Coord, LineString, MultiPolygon};

use super::svg::{in_steps, tenths};

/// Radius of the sphere of EPSG:3857.
const EARTH_RADIUS_M: f64 = 6_378_137.0;

/// A rectangle of pixels, `y` growing downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pane {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A box in metres of EPSG:3857.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct GroundBox {
    pub(super) min: Coord<f64>,
    pub(super) max: Coord<f64>,
}

/// How coordinates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    Pixel,
    TenthOfAPixel,
}

/// A position in whole steps of the precision.
pub(super) type Step = (i64, i64);

/// The map's place in the picture: which metre lies on which pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ground {
    middle: Coord<f64>,
    middle_px: (f64, f64),
    px_per_metre: f64,
    precision: Precision,
}

impl GroundBox {
    /// The box around all outlines; none without a corner.
    pub(super) fn around<'a>(
        outlines: impl IntoIterator<Item = &'a MultiPolygon<f64>>,
    ) -> Option<Self> {
        let corners = outlines
            .into_iter()
            .flatten()
            .flat_map(|polygon| polygon.exterior().coords());
        corners
            .filter(|corner| corner.x.is_finite() && corner.y.is_finite())
            .fold(None, |found, corner| {
                let Self { min, max } = found.unwrap_or(Self {
                    min: *corner,
                    max: *corner,
                });
                Some(Self {
                    min: Coord {
                        x: min.x.min(corner.x),
                        y: min.y.min(corner.y),
                    },
                    max: Coord {
                        x: max.x.max(corner.x),
                        y: max.y.max(corner.y),
                    },
                })
            })
    }

    /// Width and height, at least a metre each.
    pub(super) fn extent(self) -> (f64, f64) {
        (
            (self.max.x - self.min.x).max(1.0),
            (self.max.y - self.min.y).max(1.0),
        )
    }
}

impl Ground {
    /// The whole box as large as the pane allows, in its middle.
    pub(super) fn fitted(ground: GroundBox, pane: Pane, precision: Precision) -> Self {
        let (width, height) = ground.extent();
        Self {
            middle: Coord {
                x: f64::midpoint(ground.min.x, ground.max.x),
                y: f64::midpoint(ground.min.y, ground.max.y),
            },
            middle_px: (pane.left + pane.width / 2.0, pane.top + pane.height / 2.0),
            px_per_metre: (pane.width / width).min(pane.height / height),
            precision,
        }
    }

    /// The pixel of a place.
    pub(super) fn px(&self, place: Coord<f64>) -> (f64, f64) {
        (
            self.middle_px.0 + (place.x - self.middle.x) * self.px_per_metre,
            self.middle_px.1 - (place.y - self.middle.y) * self.px_per_metre,
        )
    }

    /// Pixels of a metre on the ground, in the middle of the map.
    ///
    /// Mercator stretches by 1 / cos(latitude), which is the hyperbolic cosine of the height on the map.
    pub(super) fn px_per_ground_metre(&self) -> f64 {
        self.px_per_metre * (self.middle.y / EARTH_RADIUS_M).cosh()
    }

    /// The rings of an area in whole steps: without repeats, without rings that shrank to a line.
    pub(super) fn rings(&self, outline: &MultiPolygon<f64>) -> Vec<Vec<Step>> {
        outline
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
            .map(|ring| self.ring(ring))
            .filter(|ring| 3 <= ring.len())
            .collect()
    }

    /// Corners of a ring, the first not repeated at the end.
    fn ring(&self, ring: &LineString<f64>) -> Vec<Step> {
        let per_px = self.precision.per_px();
        let mut steps: Vec<Step> = ring
            .coords()
            .map(|corner| {
                let (x, y) = self.px(*corner);
                (in_steps(x, per_px), in_steps(y, per_px))
            })
            .collect();
        steps.dedup();
        if 1 < steps.len() && steps.first() == steps.last() {
            steps.pop();
        }
        steps
    }

    /// Path data of closed rings.
    pub(super) fn area_data(&self, rings: &[Vec<Step>]) -> String {
        let mut data = String::new();
        for ring in rings {
            self.line_data(&mut data, ring);
            data.push('z');
        }
        data
    }

    /// Appends path data of a line: its start, then each step from the one before.
    pub(super) fn line_data(&self, data: &mut String, line: &[Step]) {
        let Some(((x, y), rest)) = line.split_first() else {
            return;
        };
        data.push('M');
        self.push_pair(data, *x, *y);
        let (mut x0, mut y0) = (*x, *y);
        for (index, (x, y)) in rest.iter().enumerate() {
            match index {
                0 => data.push('l'),
                // A minus sets numbers apart by itself.
                _ if x - x0 < 0 => {}
                _ => data.push(' '),
            }
            self.push_pair(data, x - x0, y - y0);
            (x0, y0) = (*x, *y);
        }
    }

    fn push_pair(&self, data: &mut String, x: i64, y: i64) {
        let written = |steps| match self.precision {
            Precision::Pixel => i64::to_string(&steps),
            Precision::TenthOfAPixel => tenths(steps),
        };
        let separator = if y < 0 { "" } else { " " };
        // Writing to a string cannot fail.
        let _ = write!(data, "{}{separator}{}", written(x), written(y));
    }

    /// Pixels of a position in steps.
    pub(super) fn px_of_step(&self, (x, y): Step) -> (f64, f64) {
        let per_px = self.precision.per_px();
        (x as f64 / per_px, y as f64 / per_px)
    }
}

impl Precision {
    fn per_px(self) -> f64 {
        match self {
            Self::Pixel => 1.0,
            Self::TenthOfAPixel => 10.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANE: Pane = Pane {
        left: 10.0,
        top: 20.0,
        width: 100.0,
        height: 200.0,
    };

    fn ground() -> Ground {
        let corner = |x, y| Coord { x, y };
        let ground = GroundBox {
            min: corner(0.0, 0.0),
            max: corner(1000.0, 500.0),
        };
        Ground::fitted(ground, PANE, Precision::Pixel)
    }

    #[test]
    fn the_box_fills_the_narrower_side_and_north_is_up() {
        let ground = ground();
        assert_eq!(ground.px(Coord { x: 0.0, y: 250.0 }), (10.0, 120.0));
        assert_eq!(
            ground.px(Coord {
                x: 1000.0,
                y: 500.0
            }),
            (110.0, 95.0)
        );
    }

    #[test]
    fn a_ring_is_written_from_corner_to_corner_without_repeats() {
        let ring = LineString::from(vec![
            (0.0, 0.0),
            (1000.0, 0.0),
            (1000.1, 0.1),
            (1000.0, 500.0),
            (0.0, 0.0),
        ]);
        let outline = MultiPolygon(vec![geo_types::Polygon::new(ring, Vec::new())]);
        let rings = ground().rings(&outline);
        assert_eq!(rings, [[(10, 145), (110, 145), (110, 95)]]);
        assert_eq!(ground().area_data(&rings), "M10 145l100 0 0-50z");
    }

    #[test]
    fn a_speck_is_not_drawn() {
        let ring = LineString::from(vec![(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.0)]);
        let outline = MultiPolygon(vec![geo_types::Polygon::new(ring, Vec::new())]);
        assert!(ground().rings(&outline).is_empty());
    }
}
