//! What is wrong with the data behind a number: only what the run knows, each with what it does and how to mend it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Thousandths;
use super::indicator_answer::RunData;
use super::labels::whole;
use crate::domain::{Language, Layer, Metric, People, ReachState, VillageCode};
use crate::network::Profiles;
use crate::store::reads::UnknownSeasons;

/// One thing that makes a number less certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// What it is, for programs.
    pub code: &'static str,
    /// How many layers, settlements, facilities, villages, places, rules or roads it is about; none where it cannot be counted.
    pub n: Option<u64>,
    /// People whom it is about; none where their number is unknown or it is about nobody in particular.
    pub people: Option<Thousandths>,
    /// What it does to the number, and how to mend it.
    pub text: DoubtText,
}

/// A doubt in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoubtText {
    /// In Bahasa Indonesia.
    pub id: String,
    /// In English.
    pub en: String,
}

impl DoubtText {
    /// The text of a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Indonesian => &self.id,
            Language::English => &self.en,
        }
    }
}

/// Every doubt there is reason for, the gravest first.
pub(super) fn doubts(run: &RunData, profiles: &Profiles) -> Vec<Doubt> {
    [
        sample(run),
        stale(run),
        population_unknown(run),
        unassigned(run),
        in_state(run, ReachState::NoPath),
        in_state(run, ReachState::Unsnapped),
        tier_unknown(run),
        run.unknown_seasons.and_then(season_unknown),
        roads_known(run),
        assumed(run, profiles),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn doubt(
    code: &'static str,
    n: Option<u64>,
    people: Option<People>,
    id: String,
    en: String,
) -> Doubt {
    Doubt {
        code,
        n,
        people: people.map(Thousandths::from),
        text: DoubtText { id, en },
    }
}

fn count(n: u64) -> (String, String) {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    (whole(n, Language::Indonesian), whole(n, Language::English))
}

fn sample(run: &RunData) -> Option<Doubt> {
    let layers: Vec<&str> = run
        .inputs
        .iter()
        .filter(|input| input.is_sample)
        .map(|input| input.layer.as_str())
        .collect();
    if !run.head.is_sample {
        return None;
    }
    let names = layers.join(", ");
    Some(doubt(
        "sample",
        Some(layers.len() as u64),
        None,
        format!(
            "Data contoh yang dikarang ({names}): tidak satu angka pun berlaku di dunia nyata. Impor data sendiri, lalu jalankan `jangkau compute`."
        ),
        format!(
            "Invented sample data ({names}): no number holds in the real world. Import data of your own, then run `jangkau compute`."
        ),
    ))
}

fn stale(run: &RunData) -> Option<Doubt> {
    run.head.rule.stale.then(|| {
        doubt(
            "stale",
            None,
            None,
            "Data yang lebih baru sudah dimuat: angka ini dihitung dari data lama. Jalankan `jangkau compute`.".to_owned(),
            "Newer data have been imported: this number was made from older ones. Run `jangkau compute`.".to_owned(),
        )
    })
}

fn population_unknown(run: &RunData) -> Option<Doubt> {
    let unknown = run
        .villages
        .iter()
        .filter(|village| village.people.is_none());
    let n_unknown = unknown.count() as u64;
    let (n_id, n_en) = count(n_unknown);
    (0 < n_unknown).then(|| {
        doubt(
            "population_unknown",
            Some(n_unknown),
            None,
            format!(
                "Jumlah penduduk {n_id} desa tidak diketahui: warganya tidak ikut dalam jumlah jiwa mana pun. Isi kolom population pada villages, atau impor settlements."
            ),
            format!(
                "Villages of unknown population: {n_en}. Their people are in no sum. Fill the column population of villages, or import settlements."
            ),
        )
    })
}

fn unassigned(run: &RunData) -> Option<Doubt> {
    let unassigned = run.head.unassigned;
    let (n_id, n_en) = count(unassigned.settlements);
    (0 < unassigned.settlements).then(|| {
        doubt(
            "unassigned_settlements",
            Some(unassigned.settlements),
            unassigned.people,
            format!(
                "{n_id} permukiman tidak terletak di desa mana pun: warganya tidak ikut dihitung. Betulkan village_code atau letaknya, atau lengkapi batas desa."
            ),
            format!(
                "Settlements in no village: {n_en}. Their people are not counted. Mend their village_code or place, or complete the village areas."
            ),
        )
    })
}

fn in_state(run: &RunData, state: ReachState) -> Option<Doubt> {
    let points = || run.points.iter().filter(|point| point.state == state);
    let n_points = points().count() as u64;
    if n_points == 0 {
        return None;
    }
    let people: Option<People> = points().map(|point| point.people).sum();
    let (n_id, n_en) = count(n_points);
    let (where_id, where_en) = places(run, state);
    Some(if state == ReachState::NoPath {
        doubt(
            "no_path",
            Some(n_points),
            people,
            format!(
                "Dari {n_id} tempat tidak ada jalur ({where_id}): benar-benar terputus, atau jalan, jembatan atau penyeberangannya belum ada di data. Periksa ujung jalan yang tidak bertemu (`jangkau compute --join-ends-m`) dan lengkapi roads dan crossings."
            ),
            format!(
                "Places without a path: {n_en} ({where_en}). They are cut off, or their road, bridge or ferry is missing in the data. Look at road ends that do not meet (`jangkau compute --join-ends-m`), and complete roads and crossings."
            ),
        )
    } else {
        let radius = run.head.rule.snap_radius_m;
        doubt(
            "unsnapped",
            Some(n_points),
            people,
            format!(
                "Dari {n_id} tempat tidak ada jalan yang boleh dilalui dalam {radius} m ({where_id}): jalannya belum ada di data, atau letak tempatnya keliru. Lengkapi roads, atau betulkan letak settlements."
            ),
            format!(
                "Places without a permitted road within {radius} m: {n_en} ({where_en}). The road is missing in the data, or the place is wrong. Complete roads, or mend the places of settlements."
            ),
        )
    })
}

/// The villages of the points in a state, by name with their kecamatan: the first few in order of code, and how many more.
fn places(run: &RunData, state: ReachState) -> (String, String) {
    const MAX_NAMES: usize = 5;
    let codes: BTreeSet<&VillageCode> = run
        .points
        .iter()
        .filter(|point| point.state == state)
        .map(|point| &point.village)
        .collect();
    let names: Vec<String> = run
        .villages
        .iter()
        .filter(|village| codes.contains(&village.code))
        .map(|village| match &village.kecamatan {
            Some(kecamatan) => format!("{} – Kec. {kecamatan}", village.name),
            None => village.name.clone(),
        })
        .collect();
    let n_more = names.len().saturating_sub(MAX_NAMES);
    let shown = names[..names.len() - n_more].join("; ");
    if n_more == 0 {
        return (shown.clone(), shown);
    }
    (
        format!("{shown}; dan {n_more} desa lain"),
        format!("{shown}; and {n_more} villages more"),
    )
}

fn tier_unknown(run: &RunData) -> Option<Doubt> {
    let n_unknown = u64::from(run.head.rule.tier_unknown);
    let (n_id, n_en) = count(n_unknown);
    (0 < n_unknown).then(|| {
        doubt(
            "tier_unknown",
            Some(n_unknown),
            None,
            format!(
                "{n_id} fasilitas tidak diketahui jenjangnya dan ikut dihitung: waktu dan jarak bisa terlalu kecil. Isi kolom tier."
            ),
            format!(
                "Facilities of unknown tier that count: {n_en}. Times and distances may be too small. Fill the column tier."
            ),
        )
    })
}

fn season_unknown(seasons: UnknownSeasons) -> Option<Doubt> {
    let UnknownSeasons { n_unknown, n_roads } = seasons;
    let ((n_id, n_en), (all_id, all_en)) = (count(n_unknown), count(n_roads));
    (0 < n_unknown).then(|| {
        doubt(
            "season_unknown",
            Some(n_unknown),
            None,
            format!(
                "{n_id} dari {all_id} ruas jalan tidak menyebut musim dan dianggap terbuka sepanjang tahun: pada musim hujan waktu bisa terlalu pendek. Isi kolom season pada roads."
            ),
            format!(
                "Roads that name no season and are taken to be open all year: {n_en} of {all_en}. In the wet season times may be too short. Fill the column season of roads."
            ),
        )
    })
}

/// How much of the roads is known, where it is not all of them.
fn roads_known(run: &RunData) -> Option<Doubt> {
    let share = run.head.rule.known_share?;
    let [surface, season] =
        [share.surface, share.season].map(|share| format!("{:.0}", share * 100.0));
    (share.surface < 1.0 || share.season < 1.0).then(|| {
        doubt(
            "roads_known",
            None,
            None,
            format!(
                "Dari panjang jalan yang boleh dilalui, permukaan {surface} % dan musim {season} % diketahui; selebihnya anggapan."
            ),
            format!(
                "Of the length of roads that may be used, the surface of {surface} % and the season of {season} % are known; the rest is assumed."
            ),
        )
    })
}

fn assumed(run: &RunData, profiles: &Profiles) -> Option<Doubt> {
    let rule = &run.head.rule;
    let profile = profiles.profile(rule.mode)?;
    let is_time = rule.metric == Metric::Time;
    let has_crossings = run
        .inputs
        .iter()
        .any(|input| input.layer == Layer::Crossings);
    let mut names: Vec<String> = profile
        .rules
        .assumed
        .iter()
        // Ferries come from crossings, and cost no distance.
        .filter(|name| *name != "ferry_wait_s" || (has_crossings && is_time))
        .cloned()
        .collect();
    // Of two roads the shorter one is taken, however fast it is.
    let n_speeds = if is_time {
        profile.n_assumed_speeds()
    } else {
        0
    };
    let n_assumed = names.len() + n_speeds;
    if 0 < n_speeds {
        names.push(format!("{n_speeds} × speed_kmh ({})", rule.mode));
    }
    let names = names.join(", ");
    (0 < n_assumed).then(|| {
        doubt(
            "assumed",
            Some(n_assumed as u64),
            None,
            format!(
                "Angka anggapan tanpa sumber ikut menentukan hasil: {names}. Ganti di data/profiles.toml dengan angka yang diukur, beserta sumbernya."
            ),
            format!(
                "Assumed numbers without a source take part in the result: {names}. Replace them in data/profiles.toml with measured ones, and name the source."
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roads_that_all_name_their_season_give_no_doubt() {
        let seasons = |n_unknown| {
            season_unknown(UnknownSeasons {
                n_unknown,
                n_roads: 9,
            })
        };
        assert_eq!(seasons(0), None);
        assert_eq!(seasons(4).unwrap().n, Some(4));
    }
}
