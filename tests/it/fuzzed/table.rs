//! Any bytes as a CSV or spreadsheet: refused, or a plain table with a cell for each heading in each row.

use std::collections::HashSet;

use csv::ReaderBuilder;
use jangkau::ingest::reader::tables_of_bytes;

/// Columns that stand before those of the table.
const N_OWN_COLUMNS: usize = 3;

/// Cleans the bytes and reads what came of it.
pub(super) fn clean(bytes: &[u8]) {
    let Ok(tables) = tables_of_bytes(bytes) else {
        return;
    };
    for table in tables {
        let names: HashSet<String> = table.names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(names.len(), table.names.len(), "{:?}", table.names);
        assert!(table.names.iter().all(|name| !name.is_empty()));
        // To GDAL a line ends at a character of code 0.
        assert!(!table.csv.contains(&0));
        // Rows of different width are an error here.
        let mut reader = ReaderBuilder::new().from_reader(table.csv.as_slice());
        let headings = reader.headers().expect("there are headings").len();
        assert_eq!(headings, table.names.len() + N_OWN_COLUMNS);
        let rows: Vec<csv::StringRecord> = reader
            .records()
            .map(|row| row.expect("a row of what was written is read"))
            .collect();
        assert_eq!(rows.len() as u64, table.n_records);
        let mut last = 0;
        for row in rows {
            let number: u64 = row[0].parse().expect("rows are numbered");
            assert!(last < number, "row {number} stands behind row {last}");
            last = number;
        }
    }
}
