//! Workbooks: a sheet of rows, and a sheet that explains them.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::PublishError;
use super::data_table::{Cell, DataTable};

/// Widest column in characters: longer texts are read in their cell.
const MAX_WIDTH: usize = 60;
/// Most characters of a cell that the format allows.
const MAX_CELL_CHARACTERS: usize = 32_767;

/// A table as a workbook (ECMA-376): rows under a frozen heading, codes as text, numbers as numbers.
///
/// The same table gives the same bytes.
///
/// # Errors
/// More rows than a sheet holds, 1,048,576 with the heading.
pub fn table_workbook(table: &DataTable) -> Result<Vec<u8>, PublishError> {
    written(table).map_err(|cause| PublishError::Workbook {
        name: table.name.clone(),
        cause,
    })
}

fn written(table: &DataTable) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The writer's own choice would be the hour of writing: equal content would differ.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    write_rows(workbook.add_worksheet(), table)?;
    write_about(workbook.add_worksheet(), table)?;
    workbook.save_to_buffer()
}

fn write_rows(sheet: &mut Worksheet, table: &DataTable) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_text_wrap();
    sheet.set_name(&table.name)?;
    let (mut last_line, mut last_column) = (0, 0);
    for (column, heading) in (0..).zip(&table.headings) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
        last_column = column;
    }
    for (line, row) in (1..).zip(&table.rows) {
        write_line(sheet, line, row)?;
        last_line = line;
    }
    set_widths(sheet, &table.rows)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, last_line, last_column)?;
    Ok(())
}

fn write_about(sheet: &mut Worksheet, table: &DataTable) -> Result<(), XlsxError> {
    sheet.set_name(&table.about_name)?;
    for (line, row) in (0..).zip(&table.about) {
        write_line(sheet, line, row)?;
    }
    set_widths(sheet, &table.about)
}

fn write_line(sheet: &mut Worksheet, line: u32, row: &[Cell]) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(row) {
        match cell {
            // A string is a string in this format, whatever it starts with.
            Cell::Text(text) => {
                let text: String = text.chars().take(MAX_CELL_CHARACTERS).collect();
                sheet.write_string(line, column, text)?;
            }
            Cell::Whole(number) => {
                sheet.write_number(line, column, *number as f64)?;
            }
            Cell::Thousandths(number) => {
                sheet.write_number(line, column, *number as f64 / 1000.0)?;
            }
            Cell::Degrees(number) => {
                sheet.write_number(line, column, *number as f64 / 1e7)?;
            }
            Cell::Empty => {}
        }
    }
    Ok(())
}

/// Columns as wide as their longest text, within reason.
fn set_widths(sheet: &mut Worksheet, rows: &[Vec<Cell>]) -> Result<(), XlsxError> {
    const LEAST: usize = 12;
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    for (column, position) in (0..).zip(0..n_columns) {
        let width = |row: &Vec<Cell>| match row.get(position) {
            Some(Cell::Text(text)) => text.chars().count(),
            _ => 0,
        };
        let widest = rows.iter().map(width).max().unwrap_or_default();
        sheet.set_column_width(column, (widest + 2).clamp(LEAST, MAX_WIDTH) as f64)?;
    }
    Ok(())
}
