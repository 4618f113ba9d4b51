//! The one palette of maps, legends, pictures and tables: colours, the ink on them, letters, hatches.
//!
//! Bad is dark. Colour is never alone: every class has a letter, every state without a class a sign and a hatch.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::domain::ReachState;

/// More classes cannot be told apart by everybody: neighbours differ by more than 10 in CIE 1976 ΔE*ab up to here.
///
/// By the stricter CIEDE2000 that holds up to five; of six and seven the nearest neighbours differ by 9 and 7 for
/// eyes without green cones: there the letters must help.
pub const MAX_N_CLASSES: usize = 7;

/// The colours of five classes, best first (`ColorBrewer` `YlOrBr`).
const FIVE: [Rgb; 5] = [
    Rgb([0xff, 0xff, 0xd4]),
    Rgb([0xfe, 0xd9, 0x8e]),
    Rgb([0xfe, 0x99, 0x29]),
    Rgb([0xd9, 0x5f, 0x0e]),
    Rgb([0x99, 0x34, 0x04]),
];

/// A colour of sRGB, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// Black.
    pub const BLACK: Self = Self([0, 0, 0]);
    /// White.
    pub const WHITE: Self = Self([0xff, 0xff, 0xff]);

    /// The ink that reads better on this colour: black or white, whichever has the larger contrast.
    ///
    /// # References
    /// WCAG 2.2, relative luminance and contrast ratio.
    #[must_use]
    pub fn ink(self) -> Self {
        let luminance = self.luminance();
        let on_black = (luminance + 0.05) / 0.05;
        let on_white = 1.05 / (luminance + 0.05);
        if on_white < on_black {
            Self::BLACK
        } else {
            Self::WHITE
        }
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Its parts as amounts of light, from 0 to 1.
    fn linear(self) -> [f64; 3] {
        self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// The nearest colour to amounts of light.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0 to 255 before"
    )]
    fn of_linear(linear: [f64; 3]) -> Self {
        Self(linear.map(|part| {
            let part = part.clamp(0.0, 1.0);
            let encoded = if part <= 0.003_130_8 {
                part * 12.92
            } else {
                1.055 * part.powf(1.0 / 2.4) - 0.055
            };
            (encoded * 255.0).round() as u8
        }))
    }

    /// Lightness, green to red, blue to yellow: as far apart as they look.
    fn oklab(self) -> [f64; 3] {
        times(
            OKLAB_OF_CONES,
            times(CONES_OF_LIGHT, self.linear()).map(f64::cbrt),
        )
    }

    fn of_oklab(oklab: [f64; 3]) -> Self {
        let cones = times(CONES_OF_OKLAB, oklab).map(|part| part.powi(3));
        Self::of_linear(times(LIGHT_OF_CONES, cones))
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Rgb {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The colours of `n_classes`, best first: those of five where there are five, else between them in Oklab.
///
/// One class has the middle colour.
///
/// # References
/// Ottosson (2020), A perceptual color space for image processing.
pub fn sequential(n_classes: usize) -> Vec<Rgb> {
    match n_classes {
        0 => Vec::new(),
        1 => vec![FIVE[2]],
        _ => (0..n_classes)
            .map(|class| {
                let place = class * (FIVE.len() - 1);
                let n_steps = n_classes - 1;
                let low = (place / n_steps).min(FIVE.len() - 2);
                let share = place as f64 / n_steps as f64 - low as f64;
                between(FIVE[low], FIVE[low + 1], share)
            })
            .collect(),
    }
}

fn between(from: Rgb, to: Rgb, share: f64) -> Rgb {
    let (from, to) = (from.oklab(), to.oklab());
    Rgb::of_oklab([0, 1, 2].map(|part| from[part] + (to[part] - from[part]) * share))
}

/// The letter of a class, counted from the best: A, B, C.
pub fn letter(class: usize) -> String {
    const LETTERS: [&str; 26] = [
        "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R",
        "S", "T", "U", "V", "W", "X", "Y", "Z",
    ];
    LETTERS[class.min(LETTERS.len() - 1)].to_owned()
}

/// How a state without a class is drawn: a grey ground with strokes, on a tile that repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hatch {
    /// Name of the pattern in styles, sprites and pictures.
    pub id: &'static str,
    /// The state's sign, where a class has its letter.
    pub sign: &'static str,
    /// The ground.
    pub ground: Rgb,
    /// The strokes.
    pub stroke: Rgb,
    /// The strokes as an SVG path on a tile of [`HATCH_TILE_PX`] a side.
    pub path: &'static str,
    /// Width of a stroke in tenths of a pixel.
    pub stroke_tenths_px: u32,
}

/// Side of a hatch's tile in pixels.
pub const HATCH_TILE_PX: u32 = 8;

/// The hatch of a state; none for `within`, which has classes.
pub fn hatch(state: ReachState) -> Option<Hatch> {
    let grey = |level| Rgb([level, level, level]);
    let (id, sign, ground, stroke, path) = match state {
        ReachState::Within => return None,
        ReachState::BeyondCutoff => (
            "hatch-beyond_cutoff",
            "+",
            grey(0xc8),
            grey(0x50),
            "M-1 1L1 -1M0 8L8 0M7 9L9 7",
        ),
        ReachState::NoPath => (
            "hatch-no_path",
            "×",
            grey(0xdc),
            grey(0x60),
            "M0 0L8 8M0 8L8 0",
        ),
        ReachState::Unsnapped => ("hatch-unsnapped", "?", grey(0xea), grey(0x78), "M0 4H8"),
        ReachState::NoInput => ("hatch-no_input", "–", grey(0xf6), grey(0xa0), "M4 0V8"),
    };
    Some(Hatch {
        id,
        sign,
        ground,
        stroke,
        path,
        stroke_tenths_px: 12,
    })
}

type Matrix = [[f64; 3]; 3];

fn times(matrix: Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}

const CONES_OF_LIGHT: Matrix = [
    [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
    [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
    [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
];
const OKLAB_OF_CONES: Matrix = [
    [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
    [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
    [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
];
const CONES_OF_OKLAB: Matrix = [
    [1.0, 0.396_337_777_4, 0.215_803_757_3],
    [1.0, -0.105_561_345_8, -0.063_854_172_8],
    [1.0, -0.089_484_177_5, -1.291_485_548_0],
];
const LIGHT_OF_CONES: Matrix = [
    [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
    [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
    [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0],
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What people with full colour vision, and those without one kind of cone, see of light.
    ///
    /// Machado, Oliveira, Fernandes (2009), A Physiologically-based Model for Simulation of Color Vision Deficiency,
    /// severity 1.0, doi:10.1109/TVCG.2009.113.
    const VISIONS: [(&str, Matrix); 4] = [
        ("full", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanopia",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        ),
        (
            "deuteranopia",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        ),
        (
            "tritanopia",
            [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        ),
    ];

    /// CIE 1976 L*a*b* under D65.
    fn lab(light: [f64; 3]) -> [f64; 3] {
        let xyz = times(
            [
                [0.412_456_4, 0.357_576_1, 0.180_437_5],
                [0.212_672_9, 0.715_152_2, 0.072_175_0],
                [0.019_333_9, 0.119_192_0, 0.950_304_1],
            ],
            light,
        );
        let bent = |part: f64| {
            if part > 216.0 / 24389.0 {
                part.cbrt()
            } else {
                (24389.0 / 27.0 * part + 16.0) / 116.0
            }
        };
        let [x, y, z] = [xyz[0] / 0.950_47, xyz[1], xyz[2] / 1.088_83].map(bent);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn seen(colour: Rgb, vision: Matrix) -> [f64; 3] {
        lab(times(vision, colour.linear()).map(|part| part.clamp(0.0, 1.0)))
    }

    /// ΔE*ab of CIE 1976: the distance in L*a*b*.
    fn difference(one: [f64; 3], other: [f64; 3]) -> f64 {
        let squares = one.iter().zip(other).map(|(a, b)| (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    }

    #[test]
    fn neighbouring_classes_are_told_apart_by_every_eye() {
        for n_classes in 2..=MAX_N_CLASSES {
            for (name, vision) in VISIONS {
                let colours = sequential(n_classes);
                for pair in colours.windows(2) {
                    let difference = difference(seen(pair[0], vision), seen(pair[1], vision));
                    assert!(
                        10.0 < difference,
                        "{n_classes} classes, {name}: {} and {} differ by {difference}",
                        pair[0],
                        pair[1]
                    );
                }
            }
        }
    }

    #[test]
    fn bad_is_dark_for_every_eye() {
        for n_classes in 2..=MAX_N_CLASSES {
            for (name, vision) in VISIONS {
                let colours = sequential(n_classes);
                let is_darker = colours
                    .windows(2)
                    .all(|pair| seen(pair[1], vision)[0] < seen(pair[0], vision)[0]);
                assert!(is_darker, "{n_classes} classes, {name}");
            }
        }
    }

    #[test]
    fn five_classes_have_the_five_colours_and_others_keep_the_ends() {
        assert_eq!(sequential(5), FIVE);
        assert_eq!(sequential(3), [FIVE[0], FIVE[2], FIVE[4]]);
        for n_classes in 2..=MAX_N_CLASSES {
            let colours = sequential(n_classes);
            assert_eq!((colours[0], colours[n_classes - 1]), (FIVE[0], FIVE[4]));
        }
        assert_eq!(FIVE[3].to_string(), "#d95f0e");
    }

    #[test]
    fn letters_on_every_class_have_the_contrast_of_large_text() {
        for n_classes in 1..=MAX_N_CLASSES {
            for colour in sequential(n_classes) {
                let (paper, ink) = (colour.luminance(), colour.ink().luminance());
                let contrast = (paper.max(ink) + 0.05) / (paper.min(ink) + 0.05);
                assert!(4.5 <= contrast, "{colour}: {contrast}");
            }
        }
    }

    #[test]
    fn every_state_without_a_class_has_a_grey_hatch_of_its_own() {
        let hatches: Vec<Hatch> = ReachState::ALL
            .iter()
            .filter_map(|state| hatch(*state))
            .collect();
        assert_eq!(hatches.len(), 4);
        for (index, one) in hatches.iter().enumerate() {
            assert!([one.ground, one.stroke].iter().all(|colour| {
                let [red, green, blue] = colour.0;
                red == green && green == blue
            }));
            for other in &hatches[..index] {
                assert!(one.path != other.path && one.sign != other.sign && one.id != other.id);
            }
        }
    }
}
