//! What the sample looks like, read from `data/sample.toml`.

use serde::Deserialize;

const FIGURES: &str = include_str!("../../data/sample.toml");

/// Everything in `data/sample.toml`; the file says what each means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Figures {
    pub district: DistrictFigures,
    pub places: Places,
    pub per_hundred_villages: PerHundredVillages,
    pub shares: Shares,
    pub names: Words,
}

/// The real figures that the sample is shaped after.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DistrictFigures {
    pub code: String,
    pub n_villages: usize,
    pub n_kecamatan: usize,
    pub n_kelurahan: usize,
    pub area_km2: f64,
    pub people: usize,
    /// Longitude and latitude in degrees.
    pub outline: Vec<[f64; 2]>,
}

/// A place as fractions of the district's bounds, from the west and from the south.
pub(super) type Fraction = [f64; 2];

/// Where things are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Places {
    pub capital: Fraction,
    pub trunk: Vec<Fraction>,
    pub primary: Vec<Vec<Fraction>>,
    pub river: Vec<Fraction>,
    pub hills: Fraction,
    pub hills_end: f64,
}

/// How many there are for each hundred villages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PerHundredVillages {
    pub tributaries: usize,
    pub isolated_villages: usize,
    pub path_villages: usize,
    pub remote_hamlets: usize,
    pub fords: usize,
    pub extra_bridges: usize,
}

/// Probabilities, 0 to 1.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shares {
    pub water_point_broken: f64,
    pub villages_with_water_points: f64,
    pub villages_with_pustu: f64,
    pub villages_with_poskesdes: f64,
    pub villages_with_posyandu: f64,
    pub villages_with_sd: f64,
    pub clinic_broken: f64,
    pub hamlets_off_road: f64,
    pub neighbours_linked: f64,
}

/// What names are made of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub first: Vec<String>,
    pub second: Vec<String>,
    pub third: Vec<String>,
}

impl Figures {
    /// The figures that are part of the program.
    pub(super) fn built_in() -> Self {
        toml::from_str(FIGURES).expect("a test reads the built-in file")
    }

    /// A number of something for a district of `n_villages`, at least one.
    pub(super) fn for_villages(per_hundred: usize, n_villages: usize) -> usize {
        (per_hundred * n_villages).div_ceil(100).max(1)
    }

    /// A number that the real district has, for one of `n_villages`, at least one.
    pub(super) fn scaled(&self, real: usize, n_villages: usize) -> usize {
        let n_real = self.district.n_villages;
        ((real * n_villages + n_real / 2) / n_real).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_of_the_real_size_has_the_real_numbers() {
        let figures = Figures::built_in();
        let n_villages = figures.district.n_villages;
        let n_kecamatan = figures.district.n_kecamatan;
        assert_eq!(figures.scaled(n_kecamatan, n_villages), n_kecamatan);
    }
}
