//! Clinics by tier, schools by level, and water points of which some are broken.

use super::figures::Shares;
use super::micro::Micro;
use super::numbered::numbered;
use super::random::Random;
use super::spots::Spots;
use super::villages::{Home, Setting, Villages};
use crate::domain::{Facility, Keyed, Status};

/// What facilities are placed by.
pub(super) struct Placing<'a> {
    pub villages: &'a Villages,
    pub village_names: &'a [String],
    pub homes: &'a [Home],
    /// By village: the positions of its homes, the main settlement first.
    pub homes_of: &'a [Vec<usize>],
    /// By home: where it is.
    pub places: &'a [Micro],
    /// By home: how many people it has.
    pub people: &'a [usize],
    /// By home: its name.
    pub home_names: &'a [String],
    pub spots: &'a Spots<'a>,
    pub shares: &'a Shares,
}

/// People for whom a village has a second school.
const SECOND_SCHOOL_PEOPLE: usize = 2_500;

impl Placing<'_> {
    fn facility(
        &self,
        home: usize,
        name: String,
        tier: Option<&str>,
        random: &mut Random,
    ) -> Facility {
        let place = self
            .spots
            .facility(&self.homes[home], self.places[home], 180.0, random);
        Facility {
            name: Some(name),
            tier: tier.map(str::to_owned),
            status: Status::Functioning,
            capacity: None,
            improved: None,
            queue_min: None,
            season: None,
            confirmed_on: Some(date(random)),
            place: place.lon_lat(),
        }
    }

    fn main_home(&self, village: usize) -> usize {
        self.homes_of[village][0]
    }

    /// Hospitals in the capital, a puskesmas for each kecamatan, smaller ones in a share of the villages.
    pub(super) fn clinics(&self, random: &mut Random) -> Vec<Keyed<Facility>> {
        let seats = &self.villages.grouping.seats;
        let capital = self.main_home(seats[0]);
        let capital_name = &self.village_names[seats[0]];
        let mut clinics = Vec::new();
        for name in [
            format!("RSUD {capital_name}"),
            format!("RS {capital_name} Sehat"),
        ] {
            let mut hospital = self.facility(capital, name, Some("rumah-sakit"), random);
            hospital.capacity = Some(60.0 + 20.0 * f64::from(u8::from(random.chance(0.5))));
            clinics.push(hospital);
        }
        for seat in seats {
            let name = format!("Puskesmas {}", self.village_names[*seat]);
            let mut puskesmas =
                self.facility(self.main_home(*seat), name, Some("puskesmas"), random);
            puskesmas.capacity = Some(10.0);
            clinics.push(puskesmas);
        }
        for village in 0..self.villages.len() {
            clinics.extend(self.village_clinics(village, random));
        }
        // The register does not say what this one is.
        if let Some(last) = clinics.last_mut() {
            last.tier = None;
            last.name = Some("Klinik Contoh".to_owned());
        }
        numbered("K", clinics)
    }

    fn village_clinics(&self, village: usize, random: &mut Random) -> Vec<Facility> {
        let shares = self.shares;
        let is_seat = self.villages.grouping.seats.contains(&village);
        let name = &self.village_names[village];
        let mut clinics = Vec::new();
        for (tier, label, share) in [
            ("pustu", "Pustu", shares.villages_with_pustu),
            ("poskesdes", "Poskesdes", shares.villages_with_poskesdes),
            ("posyandu", "Posyandu", shares.villages_with_posyandu),
        ] {
            let is_needed = !is_seat || tier == "posyandu";
            if random.chance(share) && is_needed {
                let home = self.main_home(village);
                let mut clinic = self.facility(home, format!("{label} {name}"), Some(tier), random);
                if random.chance(shares.clinic_broken) {
                    clinic.status = Status::Broken;
                }
                clinics.push(clinic);
            }
        }
        clinics
    }

    /// An SD in most villages, an SMP and an SMA where a kecamatan has its seat, and a few more SMP.
    pub(super) fn schools(&self, random: &mut Random) -> Vec<Keyed<Facility>> {
        const VILLAGES_WITH_SMP: f64 = 0.15;
        let mut schools = Vec::new();
        for village in 0..self.villages.len() {
            let home = self.main_home(village);
            let is_seat = self.villages.grouping.seats.contains(&village);
            let is_large = SECOND_SCHOOL_PEOPLE <= self.people[home];
            let has_sd = is_seat || random.chance(self.shares.villages_with_sd);
            let has_smp = is_seat || random.chance(VILLAGES_WITH_SMP);
            for (is_there, level, label, seats) in [
                (has_sd, "sd", "SD", 150.0),
                (has_sd && is_large, "sd", "MI", 120.0),
                (has_smp, "smp", "SMP", 220.0),
                (is_seat, "sma", "SMA", 320.0),
            ] {
                if is_there {
                    let name = format!("{label} {}", self.village_names[village]);
                    let mut school = self.facility(home, name, Some(level), random);
                    school.capacity = Some(seats);
                    schools.push(school);
                }
            }
        }
        numbered("S", schools)
    }

    /// One to three water points in most villages, nowhere on the island.
    pub(super) fn water_points(&self, random: &mut Random) -> Vec<Keyed<Facility>> {
        let mut points = Vec::new();
        for village in 0..self.villages.len() {
            if !random.chance(self.shares.villages_with_water_points) {
                continue;
            }
            let mut homes = self.homes_of[village].clone();
            homes.retain(|home| self.homes[*home].setting != Setting::Island);
            let n = 1 + random.below(3);
            for at in 0..n {
                // The first where most people live, the others anywhere.
                let home = homes[if at == 0 {
                    0
                } else {
                    random.below(homes.len())
                }];
                points.push(self.water_point(home, random));
            }
        }
        numbered("W", points)
    }

    fn water_point(&self, home: usize, random: &mut Random) -> Facility {
        // Kinds, how often, and whether the source is protected; a third value is that nobody noted it.
        const KINDS: [(f64, (&str, Option<bool>)); 5] = [
            (0.35, ("Sumur Bor", Some(true))),
            (0.20, ("Sumur Gali Terlindung", Some(true))),
            (0.20, ("Sumur Gali", Some(false))),
            (0.10, ("Mata Air", Some(false))),
            (0.15, ("Titik Air", None)),
        ];
        let (kind, improved) = random.weighted(&KINDS);
        let mut point = self.facility(
            home,
            format!("{kind} {}", self.home_names[home]),
            None,
            random,
        );
        let broken = self.shares.water_point_broken;
        point.improved = improved;
        point.status = random.weighted(&[
            (broken, Status::Broken),
            (0.06, Status::Partly),
            (0.02, Status::Gone),
            (0.04, Status::Unknown),
            (0.88 - broken, Status::Functioning),
        ]);
        point.queue_min = random.chance(0.7).then(|| (random.unit() * 20.0).round());
        point.capacity = random
            .chance(0.8)
            .then(|| (40.0 + random.unit() * 260.0).round());
        point
    }
}

/// A day of 2024 or 2025.
fn date(random: &mut Random) -> String {
    let (year, month, day) = (
        2024 + random.below(2),
        1 + random.below(12),
        1 + random.below(28),
    );
    format!("{year}-{month:02}-{day:02}")
}
