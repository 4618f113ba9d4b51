//! How many cells an `OpenDocument` sheet stands for: a few bytes may say "this row, a million times".

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::QName;

const ROW: QName<'static> = QName("table:table-row");
const CELL: QName<'static> = QName("table:table-cell");

/// Number of cells that hold something, each counted as often as it and its row are repeated.
///
/// # Errors
/// The XML breaks off.
pub(super) fn cells(content: impl BufRead) -> Result<u64, quick_xml::Error> {
    let mut reader = Reader::from_reader(content);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let (mut total, mut row_repeats, mut in_row) = (0_u64, 1_u64, 0_u64);
    loop {
        buffer.clear();
        let (element, is_empty) = match reader.read_event_into(&mut buffer)? {
            Event::Start(element) => (element, false),
            Event::Empty(element) => (element, true),
            Event::End(element) => {
                if element.name() == ROW {
                    total = total.saturating_add(row_repeats.saturating_mul(in_row));
                    in_row = 0;
                }
                continue;
            }
            Event::Eof => return Ok(total),
            _ => continue,
        };
        if element.name() == ROW {
            row_repeats = repeats(&element, "table:number-rows-repeated");
            in_row = 0;
        } else if element.name() == CELL && !is_empty {
            in_row = in_row.saturating_add(repeats(&element, "table:number-columns-repeated"));
        }
    }
}

fn repeats(element: &BytesStart<'_>, attribute: &str) -> u64 {
    let value = element.try_get_attribute(attribute).ok().flatten();
    let number = value.and_then(|value| value.value.parse().ok());
    number.unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_rows_of_repeated_cells_are_multiplied() {
        let sheet = "<table:table><table:table-row table:number-rows-repeated='1000000'>\
            <table:table-cell table:number-columns-repeated='16000'><text:p>x</text:p></table:table-cell>\
            <table:table-cell/></table:table-row>\
            <table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='9'/></table:table-row>\
            <table:table-row><table:table-cell><text:p>y</text:p></table:table-cell></table:table-row></table:table>";
        assert_eq!(cells(sheet.as_bytes()).unwrap(), 1_000_000 * 16_000 + 1);
    }
}
