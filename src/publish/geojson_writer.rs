//! Well-known binary in, GeoJSON text out, without anything in between.
//!
//! Coordinates are written in fixed point: at most seven decimals (1 cm), as few as the number needs.

use super::wkb::{GeometryError, WkbReader, position};

/// Seven decimals of a degree are 1.1 cm on the ground.
const DECIMALS: usize = 7;
const SCALE: f64 = 1e7;
const SCALE_INT: u64 = 10_000_000;

/// Appends the GeoJSON geometry object of a little-endian WKB geometry to `out`.
///
/// Points, lines, polygons and their multi-forms, two-dimensional, longitude first, EPSG:4326.
/// Outer rings leave counter-clockwise and holes clockwise, whichever way they were stored.
///
/// O(bytes), no allocation besides `out`.
///
/// # Errors
/// The bytes are no such geometry; what was appended until then is to be thrown away.
///
/// # References
/// RFC 7946, 3.1.6 (winding); OGC 06-103r4, 8.2 (well-known binary).
pub fn write_geometry(out: &mut Vec<u8>, wkb: &[u8]) -> Result<(), GeometryError> {
    let mut reader = WkbReader::new(wkb);
    let (name, kind) = match reader.header()? {
        1 => ("Point", Kind::Point),
        2 => ("LineString", Kind::Line),
        3 => ("Polygon", Kind::Polygon),
        4 => ("MultiPoint", Kind::Multi),
        5 => ("MultiLineString", Kind::Multi),
        6 => ("MultiPolygon", Kind::Multi),
        other => return Err(GeometryError::Type(other)),
    };
    out.extend_from_slice(b"{\"type\":\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\",\"coordinates\":");
    match kind {
        Kind::Multi => {
            let count = reader.count()?;
            write_list(out, count, |out| {
                let kind = reader.header()?;
                reader.write_single(out, kind)
            })?;
        }
        Kind::Point => reader.write_single(out, 1)?,
        Kind::Line => reader.write_single(out, 2)?,
        Kind::Polygon => reader.write_single(out, 3)?,
    }
    out.push(b'}');
    Ok(())
}

enum Kind {
    Point,
    Line,
    Polygon,
    Multi,
}

#[derive(Clone, Copy)]
enum Winding {
    AsStored,
    CounterClockwise,
    Clockwise,
}

impl WkbReader<'_> {
    fn write_single(&mut self, out: &mut Vec<u8>, kind: u32) -> Result<(), GeometryError> {
        match kind {
            1 => write_position(out, self.take(16)?),
            2 => self.write_line(out, Winding::AsStored),
            3 => {
                let count = self.count()?;
                let mut winding = Winding::CounterClockwise;
                write_list(out, count, |out| {
                    self.write_line(out, winding)?;
                    winding = Winding::Clockwise;
                    Ok(())
                })
            }
            other => Err(GeometryError::Type(other)),
        }
    }

    fn write_line(&mut self, out: &mut Vec<u8>, winding: Winding) -> Result<(), GeometryError> {
        let count = self.count()?;
        let n_bytes = count.checked_mul(16).ok_or(GeometryError::Truncated)?;
        let positions = self.take(n_bytes)?;
        let is_reversed = match winding {
            Winding::AsStored => false,
            Winding::CounterClockwise => doubled_area(positions) < 0.0,
            Winding::Clockwise => doubled_area(positions) > 0.0,
        };
        let mut forward = positions.chunks_exact(16);
        let mut backward = positions.rchunks_exact(16);
        write_list(out, count, |out| {
            let position = if is_reversed {
                backward.next()
            } else {
                forward.next()
            };
            write_position(out, position.ok_or(GeometryError::Truncated)?)
        })
    }
}

/// Twice the area of a closed ring, positive where it runs counter-clockwise.
fn doubled_area(positions: &[u8]) -> f64 {
    let corners = || positions.chunks_exact(16).map(position);
    // Relative to the first corner, or a small ring far from 0°, 0° loses its digits.
    let Some((x0, y0)) = corners().next() else {
        return 0.0;
    };
    corners()
        .zip(corners().skip(1))
        .map(|((xa, ya), (xb, yb))| (xa - x0) * (yb - y0) - (xb - x0) * (ya - y0))
        .sum()
}

fn write_list(
    out: &mut Vec<u8>,
    count: usize,
    mut write_next: impl FnMut(&mut Vec<u8>) -> Result<(), GeometryError>,
) -> Result<(), GeometryError> {
    out.push(b'[');
    for index in 0..count {
        if index > 0 {
            out.push(b',');
        }
        write_next(out)?;
    }
    out.push(b']');
    Ok(())
}

fn write_position(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), GeometryError> {
    let (lon, lat) = position(bytes);
    out.push(b'[');
    write_degrees(out, lon)?;
    out.push(b',');
    write_degrees(out, lat)?;
    out.push(b']');
    Ok(())
}

fn write_degrees(out: &mut Vec<u8>, degrees: f64) -> Result<(), GeometryError> {
    // A NaN is in no range.
    if !(-360.0..=360.0).contains(&degrees) {
        return Err(GeometryError::Coordinate);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most 360 × 10⁷, which an i64 holds"
    )]
    let fixed = (degrees * SCALE).round() as i64;
    if fixed < 0 {
        out.push(b'-');
    }
    let magnitude = fixed.unsigned_abs();
    write_integer(out, magnitude / SCALE_INT);
    let fraction = magnitude % SCALE_INT;
    if fraction > 0 {
        out.push(b'.');
        write_fraction(out, fraction);
    }
    Ok(())
}

fn write_integer(out: &mut Vec<u8>, mut whole: u64) {
    let start = out.len();
    loop {
        out.push(digit(whole % 10));
        whole /= 10;
        if whole == 0 {
            break;
        }
    }
    out[start..].reverse();
}

/// Writes a fraction of seven decimals without its trailing zeros.
fn write_fraction(out: &mut Vec<u8>, mut fraction: u64) {
    let mut digits = [b'0'; DECIMALS];
    for place in digits.iter_mut().rev() {
        *place = digit(fraction % 10);
        fraction /= 10;
    }
    let used = digits.iter().rposition(|each| *each != b'0');
    out.extend_from_slice(&digits[..used.map_or(0, |last| last + 1)]);
}

fn digit(value: u64) -> u8 {
    b'0' + u8::try_from(value).expect("a remainder of ten is a digit")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(lon: f64, lat: f64) -> Vec<u8> {
        let mut wkb = vec![1, 1, 0, 0, 0];
        wkb.extend_from_slice(&lon.to_le_bytes());
        wkb.extend_from_slice(&lat.to_le_bytes());
        wkb
    }

    fn ring(corners: &[(f64, f64)]) -> Vec<u8> {
        let mut wkb = vec![1, 3, 0, 0, 0, 1, 0, 0, 0];
        wkb.extend_from_slice(&u32::try_from(corners.len()).unwrap().to_le_bytes());
        for (lon, lat) in corners {
            wkb.extend_from_slice(&lon.to_le_bytes());
            wkb.extend_from_slice(&lat.to_le_bytes());
        }
        wkb
    }

    fn written(wkb: &[u8]) -> String {
        let mut out = Vec::new();
        write_geometry(&mut out, wkb).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_position_has_at_most_seven_decimals_and_no_trailing_zeros() {
        assert_eq!(
            written(&point(102.123_456_789, -2.5)),
            r#"{"type":"Point","coordinates":[102.1234568,-2.5]}"#
        );
        assert_eq!(
            written(&point(-0.000_000_01, 0.000_000_1)),
            r#"{"type":"Point","coordinates":[0,0.0000001]}"#
        );
    }

    #[test]
    fn an_outer_ring_leaves_counter_clockwise_however_it_was_stored() {
        let counter_clockwise = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)];
        let mut clockwise = counter_clockwise;
        clockwise.reverse();
        assert_eq!(
            written(&ring(&clockwise)),
            written(&ring(&counter_clockwise))
        );
    }

    #[test]
    fn bytes_that_end_early_are_an_error_at_every_length() {
        let whole = ring(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]);
        for length in 0..whole.len() {
            let result = write_geometry(&mut Vec::new(), &whole[..length]);
            assert_eq!(result, Err(GeometryError::Truncated), "{length} bytes");
        }
    }

    #[test]
    fn a_coordinate_that_is_no_number_is_refused() {
        let result = write_geometry(&mut Vec::new(), &point(f64::NAN, 0.0));
        assert_eq!(result, Err(GeometryError::Coordinate));
    }

    proptest! {
        #[test]
        fn a_written_position_is_within_half_a_unit_of_the_seventh_decimal(
            lon in -180.0..180.0, lat in -90.0..90.0
        ) {
            let value: serde_json::Value = serde_json::from_str(&written(&point(lon, lat))).unwrap();
            let back = |index: usize| value["coordinates"][index].as_f64().unwrap();
            prop_assert!((back(0) - lon).abs() <= 0.5 / SCALE + 1e-12);
            prop_assert!((back(1) - lat).abs() <= 0.5 / SCALE + 1e-12);
        }
    }
}
