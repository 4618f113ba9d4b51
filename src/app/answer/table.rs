//! An answer as a table: headings, rows, and the sheet that explains them.

use super::labels::cost;
use super::{GroupBy, IndicatorAnswer, Row, Thousandths, Wanted};
use crate::domain::{Language, Metric, PopulationSource, Provenance};
use crate::publish::{Cell, DataTable};

/// The rows of an answer as they are shown, and what must be known to read them.
pub(super) fn table(answer: &IndicatorAnswer, wanted: &Wanted) -> DataTable {
    let words = Words(wanted.language);
    DataTable {
        name: words.say("Data", "Data").to_owned(),
        headings: headings(answer, wanted, words),
        rows: answer
            .rows
            .iter()
            .map(|row| cells(row, answer, wanted))
            .collect(),
        about_name: words.say("Keterangan", "About").to_owned(),
        about: About {
            answer,
            wanted,
            words,
        }
        .lines(),
    }
}

/// One of two languages.
#[derive(Clone, Copy)]
pub(super) struct Words(pub(super) Language);

impl Words {
    pub(super) fn say<T>(self, indonesian: T, english: T) -> T {
        match self.0 {
            Language::Indonesian => indonesian,
            Language::English => english,
        }
    }

    fn text(self, indonesian: &str, english: &str) -> Cell {
        Cell::Text(self.say(indonesian, english).to_owned())
    }
}

fn headings(answer: &IndicatorAnswer, wanted: &Wanted, words: Words) -> Vec<String> {
    let threshold = threshold(answer, words.0);
    let (rounded, exact) = match answer.rule.metric {
        Metric::Time => (
            words.say("Waktu tempuh (menit)", "Travel time (min)"),
            words.say("Waktu tempuh (detik)", "Travel time (s)"),
        ),
        Metric::Distance => (
            words.say("Jarak ditempuh (km)", "Distance travelled (km)"),
            words.say("Jarak ditempuh (m)", "Distance travelled (m)"),
        ),
    };
    let name = match wanted.by {
        GroupBy::Village => words.say("Desa", "Village"),
        GroupBy::Kecamatan => "Kecamatan",
        GroupBy::District => words.say("Kabupaten", "District"),
    };
    let mut headings = vec![
        words.say("Peringkat", "Rank"),
        words.say("Kode", "Code"),
        name,
    ];
    if wanted.by == GroupBy::Village {
        headings.extend(["Kecamatan", words.say("Kode kecamatan", "Kecamatan code")]);
    }
    headings.extend([
        rounded,
        exact,
        words.say("Kelas", "Class"),
        words.say("Arti kelas", "Meaning of the class"),
        words.say("Keadaan", "State"),
        words.say("Penduduk (jiwa)", "People"),
    ]);
    let mut headings: Vec<String> = headings.into_iter().map(str::to_owned).collect();
    headings.push(words.say(
        format!("Di luar {threshold} (jiwa)"),
        format!("People beyond {threshold}"),
    ));
    headings
}

fn threshold(answer: &IndicatorAnswer, language: Language) -> String {
    let threshold = u32::try_from(answer.threshold.0).unwrap_or(u32::MAX);
    cost(threshold, answer.rule.metric, language)
}

fn cells(row: &Row, answer: &IndicatorAnswer, wanted: &Wanted) -> Vec<Cell> {
    let number = |number: Option<Thousandths>| Cell::thousandths(number.map(|number| number.0));
    let mut cells = vec![
        whole(row.rank),
        Cell::Text(row.code.clone()),
        Cell::text(row.name.clone()),
    ];
    if wanted.by == GroupBy::Village {
        cells.extend([
            Cell::text(row.kecamatan.clone()),
            Cell::text(row.kecamatan_code.clone()),
        ]);
    }
    cells.extend([
        Cell::thousandths(row.value.map(|value| rounded(value, answer.rule.metric))),
        number(row.value),
        Cell::Text(row.class.clone()),
        Cell::text(meaning(&row.class, answer)),
        Cell::Text(row.state.to_string()),
        number(row.people),
        number(row.people_beyond),
    ]);
    cells
}

/// Tenths of a minute, or hundredths of a kilometre; in thousandths.
fn rounded(value: Thousandths, metric: Metric) -> i64 {
    match metric {
        // 6,000 ms are a tenth of a minute, which is 100 thousandths of one.
        Metric::Time => (value.0 + 3_000) / 6_000 * 100,
        // 10,000 mm are a hundredth of a kilometre, which is 10 thousandths of one.
        Metric::Distance => (value.0 + 5_000) / 10_000 * 10,
    }
}

/// What a letter or a sign means.
fn meaning<'a>(letter: &str, answer: &'a IndicatorAnswer) -> Option<&'a str> {
    let class = answer.classes.iter().find(|class| class.letter == letter);
    let state = answer.states.iter().find(|state| state.letter == letter);
    class
        .map(|class| class.label.as_str())
        .or(state.map(|state| state.label))
}

fn whole(n: usize) -> Cell {
    Cell::Whole(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The sheet that explains the rows.
struct About<'a> {
    answer: &'a IndicatorAnswer,
    wanted: &'a Wanted,
    words: Words,
}

impl About<'_> {
    fn lines(&self) -> Vec<Vec<Cell>> {
        let mut lines = Vec::new();
        if let Some(notice) = self.answer.notice {
            lines.push(vec![
                self.words.text("Perhatian", "Notice"),
                Cell::Text(notice.to_owned()),
            ]);
        }
        for sentence in self.answer.sentences.of(self.words.0) {
            lines.push(vec![
                self.words.text("Isi", "In words"),
                Cell::Text(sentence.clone()),
            ]);
        }
        let parts = [
            self.rule(),
            self.rows(),
            self.classes(),
            self.versions(),
            self.doubts(),
        ];
        for part in parts {
            lines.push(Vec::new());
            lines.extend(part);
        }
        lines
    }

    fn rule(&self) -> Vec<Vec<Cell>> {
        let (words, rule) = (self.words, &self.answer.rule);
        let thousandths = |number: f64| Cell::Thousandths(in_thousandths(number));
        let text = |text: &str| Cell::Text(text.to_owned());
        let cutoff = match rule.metric {
            Metric::Time => words.text("Batas hitung (detik)", "Cutoff (s)"),
            Metric::Distance => words.text("Batas hitung (m)", "Cutoff (m)"),
        };
        let source = match rule.population_source {
            PopulationSource::Official => words.text("angka resmi desa", "official village totals"),
            PopulationSource::Settlements => {
                words.text("jumlah permukiman", "sum of the settlements")
            }
            PopulationSource::Raster => words.text("raster penduduk", "population raster"),
            PopulationSource::None => words.text("tidak diketahui", "unknown"),
        };
        let label = |indonesian, english| words.text(indonesian, english);
        vec![
            vec![label("Aturan", "Rule")],
            vec![label("Layanan", "Service"), text(rule.service.as_str())],
            vec![label("Jenjang", "Tiers"), text(&rule.tier.join(", "))],
            vec![
                label("Fasilitas tanpa jenjang", "Facilities of unknown tier"),
                Cell::Whole(i64::from(rule.tier_unknown)),
            ],
            vec![label("Moda", "Mode"), text(rule.mode.as_str())],
            vec![label("Musim", "Season"), text(rule.season.as_str())],
            vec![label("Ukuran", "Metric"), text(rule.metric.as_str())],
            vec![
                label("Ambang kalimat utama", "Threshold of the headline"),
                Cell::Text(threshold(self.answer, words.0)),
            ],
            vec![cutoff, thousandths(rule.cutoff)],
            vec![
                label("Jarak terjauh ke jalan (m)", "Snap radius (m)"),
                thousandths(rule.snap_radius_m),
            ],
            vec![
                label("Pengali di luar jalan", "Off-road factor"),
                thousandths(rule.off_road_factor),
            ],
            vec![
                label("Kecepatan jalan kaki (km/jam)", "Walking speed (km/h)"),
                thousandths(rule.walking_speed_kmh),
            ],
            vec![
                label(
                    "Ujung jalan disambung sampai (m)",
                    "Road ends joined within (m)",
                ),
                rule.join_ends_m.map_or(Cell::Empty, thousandths),
            ],
            vec![label("Sumber penduduk", "Source of the population"), source],
            vec![
                label("Tanggal penduduk", "Date of the population"),
                Cell::text(rule.population_date.clone()),
            ],
            vec![label("Nomor hitungan", "Run"), text(&rule.run_id.0)],
            vec![
                label("Dihitung pada", "Computed at"),
                text(&self.answer.computed_at),
            ],
            vec![
                label("Ada data yang lebih baru", "Newer data are there"),
                if rule.stale {
                    words.text("ya", "yes")
                } else {
                    words.text("tidak", "no")
                },
            ],
        ]
    }

    /// Which rows there are.
    fn rows(&self) -> Vec<Vec<Cell>> {
        let (words, rows) = (self.words, &self.wanted.rows);
        let n_all: usize = self
            .answer
            .classes
            .iter()
            .map(|class| class.villages)
            .sum::<usize>()
            + self
                .answer
                .states
                .iter()
                .map(|state| state.villages)
                .sum::<usize>();
        let mut lines = vec![
            vec![words.text("Baris", "Rows")],
            vec![
                words.text("Baris dalam berkas", "Rows in the file"),
                whole(self.answer.rows.len()),
            ],
            vec![words.text("Baris seluruhnya", "Rows in all"), whole(n_all)],
        ];
        if let Some(code) = &rows.kecamatan {
            lines.push(vec![
                words.text("Hanya kecamatan", "Only kecamatan"),
                Cell::Text(code.clone()),
            ]);
        }
        if let Some(top) = rows.top {
            lines.push(vec![words.text("Paling banyak", "At most"), whole(top)]);
        }
        lines
    }

    fn classes(&self) -> Vec<Vec<Cell>> {
        let words = self.words;
        let people = |people: Option<Thousandths>| Cell::thousandths(people.map(|each| each.0));
        let mut lines = vec![vec![
            words.text("Kelas", "Class"),
            words.text("Arti kelas", "Meaning of the class"),
            words.text("Desa atau baris", "Villages or rows"),
            words.text("Penduduk (jiwa)", "People"),
        ]];
        lines.extend(self.answer.classes.iter().map(|class| {
            vec![
                Cell::Text(class.letter.clone()),
                Cell::Text(class.label.clone()),
                whole(class.villages),
                people(class.people),
            ]
        }));
        lines.extend(self.answer.states.iter().map(|state| {
            vec![
                Cell::Text(state.letter.to_owned()),
                Cell::Text(state.label.to_owned()),
                whole(state.villages),
                people(state.people),
            ]
        }));
        lines.push(vec![
            words.text("Jumlah", "Total"),
            Cell::Empty,
            Cell::Empty,
            people(self.answer.people.total),
        ]);
        lines
    }

    fn doubts(&self) -> Vec<Vec<Cell>> {
        let words = self.words;
        let mut lines =
            vec![vec![words.text(
                "Yang kurang pada data ini",
                "What is wrong with these data",
            )]];
        lines.extend(self.answer.doubts.iter().map(|doubt| {
            vec![
                Cell::Text(doubt.code.to_owned()),
                Cell::Text(doubt.text.of(words.0).to_owned()),
                Cell::thousandths(doubt.people.map(|people| people.0)),
            ]
        }));
        lines
    }

    fn versions(&self) -> Vec<Vec<Cell>> {
        let words = self.words;
        let mut lines = vec![vec![
            words.text("Lapisan", "Layer"),
            words.text("Versi", "Version"),
            words.text("Sumber", "Sources"),
            words.text("Asal data", "Where the data come from"),
            words.text("Dimuat pada", "Imported at"),
            words.text("Catatan", "Records"),
        ]];
        lines.extend(self.answer.inputs.iter().map(|input| {
            vec![
                Cell::Text(input.layer.to_string()),
                Cell::Whole(input.version.0),
                Cell::Text(input.sources.join(", ")),
                Cell::Text(joined(&input.provenances)),
                Cell::Text(input.made_at.clone()),
                Cell::Whole(input.records),
            ]
        }));
        lines
    }
}

/// What is known of where data come from, a source after the other.
fn joined(provenances: &[Provenance]) -> String {
    let of = |known: &Provenance| {
        let access = known.access.map(|access| access.to_string());
        let facts = [
            &known.producer,
            &known.date,
            &known.basis,
            &known.licence,
            &access,
            &known.contact,
        ];
        facts
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(", ")
    };
    let facts: Vec<String> = provenances.iter().map(of).collect();
    facts.join("; ")
}

/// The thousandths nearest to a number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates, far above any rule"
)]
pub(super) fn in_thousandths(number: f64) -> i64 {
    (number * 1000.0).round() as i64
}
