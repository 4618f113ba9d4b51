//! Names and invented Kemendagri codes of villages.

use super::figures::Figures;
use super::micro::Micro;
use super::names::Names;
use super::villages::Villages;
use crate::domain::VillageCode;

/// What an office writes about each village.
pub(super) struct Registry {
    /// By village; two share one where there are two kecamatan.
    pub names: Vec<String>,
    /// By kecamatan: that of its seat.
    pub kecamatan_names: Vec<String>,
    /// By village.
    pub codes: Vec<VillageCode>,
    /// By village: a town ward rather than a desa.
    pub is_kelurahan: Vec<bool>,
}

impl Registry {
    /// Names every village and kecamatan, and numbers them from south-west to north-east.
    pub(super) fn new(
        villages: &Villages,
        places: &[Micro],
        figures: &Figures,
        names: &mut Names<'_>,
    ) -> Self {
        let mut village_names: Vec<String> = (0..villages.len()).map(|_| names.unique()).collect();
        if let Some((one, other)) = namesakes(villages) {
            let shared = village_names[one].clone();
            village_names[other] = shared;
        }
        let n_kelurahan = figures.scaled(figures.district.n_kelurahan, villages.len());
        let is_kelurahan = kelurahan(villages, places, n_kelurahan);
        let seats = villages.grouping.seats.iter();
        Self {
            kecamatan_names: seats.map(|seat| village_names[*seat].clone()).collect(),
            codes: codes(villages, places, &is_kelurahan, &figures.district.code),
            names: village_names,
            is_kelurahan,
        }
    }
}

/// Two villages of different kecamatan, neither a seat.
fn namesakes(villages: &Villages) -> Option<(usize, usize)> {
    let grouping = &villages.grouping;
    let mut ordinary = (0..villages.len()).filter(|village| !grouping.seats.contains(village));
    let one = ordinary.next()?;
    let other = ordinary.find(|other| grouping.kecamatan[*other] != grouping.kecamatan[one])?;
    Some((one, other))
}

/// Up to five villages around the capital, then the seats of the kecamatan nearest to it.
fn kelurahan(villages: &Villages, places: &[Micro], n: usize) -> Vec<bool> {
    const IN_CAPITAL: usize = 5;
    let grouping = &villages.grouping;
    let mut nearest: Vec<usize> = (0..villages.len()).collect();
    nearest.sort_by(|a, b| {
        let distance = |village: usize| places[village].distance_m(places[grouping.seats[0]]);
        distance(*a).total_cmp(&distance(*b)).then(a.cmp(b))
    });
    let in_capital = nearest
        .iter()
        .filter(|village| grouping.kecamatan[**village] == 0);
    let seats = nearest
        .iter()
        .filter(|village| grouping.seats[1..].contains(village));
    let mut is_kelurahan = vec![false; villages.len()];
    for village in in_capital.take(IN_CAPITAL).chain(seats).take(n) {
        is_kelurahan[*village] = true;
    }
    is_kelurahan
}

/// Kecamatan from 01, in each the kelurahan from 1001 and the desa from 2001.
fn codes(
    villages: &Villages,
    places: &[Micro],
    is_kelurahan: &[bool],
    district: &str,
) -> Vec<VillageCode> {
    let grouping = &villages.grouping;
    let north_east = |village: usize| places[village].x + places[village].y;
    let mut order: Vec<usize> = (0..grouping.seats.len()).collect();
    order.sort_by_key(|kecamatan| (north_east(grouping.seats[*kecamatan]), *kecamatan));
    let mut number_of = vec![0; order.len()];
    for (number, kecamatan) in order.iter().enumerate() {
        number_of[*kecamatan] = number + 1;
    }
    let mut by_place: Vec<usize> = (0..villages.len()).collect();
    by_place.sort_by_key(|village| (north_east(*village), *village));
    let mut codes = vec![String::new(); villages.len()];
    let mut last = vec![[1000, 2000]; order.len()];
    for village in by_place {
        let kecamatan = grouping.kecamatan[village];
        let number = &mut last[kecamatan][usize::from(!is_kelurahan[village])];
        *number += 1;
        codes[village] = format!("{district}.{:02}.{number}", number_of[kecamatan]);
    }
    let codes = codes.into_iter();
    codes
        .map(|code| VillageCode::parse(&code).expect("groups of 2, 2, 2 and 4 digits"))
        .collect()
}
