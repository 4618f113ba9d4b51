//! Little-endian well-known binary, read piece by piece.
//!
//! OGC 06-103r4, 8.2. Two-dimensional.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// A geometry that cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GeometryError {
    /// The bytes end inside a geometry.
    #[error("cannot read a geometry: its bytes end too early")]
    Truncated,
    /// Not little-endian, or a type that no layer has.
    #[error("cannot read a geometry: type {0} is not one that layers have")]
    Type(u32),
    /// A coordinate that is no number or not on the earth.
    #[error("cannot write a coordinate that is not on the earth")]
    Coordinate,
}

/// The area of a little-endian WKB polygon or multipolygon, in whatever coordinates it has.
///
/// # Errors
/// The bytes are no such geometry, or a coordinate is no number.
pub fn read_area(wkb: &[u8]) -> Result<MultiPolygon<f64>, GeometryError> {
    let mut reader = WkbReader::new(wkb);
    match reader.header()? {
        3 => Ok(MultiPolygon(vec![reader.polygon()?])),
        6 => {
            let mut polygons = Vec::new();
            for _ in 0..reader.count()? {
                match reader.header()? {
                    3 => polygons.push(reader.polygon()?),
                    other => return Err(GeometryError::Type(other)),
                }
            }
            Ok(MultiPolygon(polygons))
        }
        other => Err(GeometryError::Type(other)),
    }
}

/// The bytes that are still to be read.
pub(super) struct WkbReader<'a> {
    bytes: &'a [u8],
}

impl<'a> WkbReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn take(&mut self, n_bytes: usize) -> Result<&'a [u8], GeometryError> {
        let (taken, rest) = self
            .bytes
            .split_at_checked(n_bytes)
            .ok_or(GeometryError::Truncated)?;
        self.bytes = rest;
        Ok(taken)
    }

    /// The type of the geometry that follows.
    pub(super) fn header(&mut self) -> Result<u32, GeometryError> {
        let order = self.take(1)?[0];
        let kind = self.u32()?;
        if order == 1 {
            Ok(kind)
        } else {
            Err(GeometryError::Type(kind))
        }
    }

    fn u32(&mut self) -> Result<u32, GeometryError> {
        let bytes = self.take(4)?.try_into().expect("four bytes were taken");
        Ok(u32::from_le_bytes(bytes))
    }

    pub(super) fn count(&mut self) -> Result<usize, GeometryError> {
        usize::try_from(self.u32()?).map_err(|_too_many_for_memory| GeometryError::Truncated)
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, GeometryError> {
        let mut rings = Vec::new();
        for _ in 0..self.count()? {
            rings.push(self.ring()?);
        }
        let mut rings = rings.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    fn ring(&mut self) -> Result<LineString<f64>, GeometryError> {
        let n_bytes = self
            .count()?
            .checked_mul(16)
            .ok_or(GeometryError::Truncated)?;
        let corners = self.take(n_bytes)?.chunks_exact(16).map(|bytes| {
            let (x, y) = position(bytes);
            if x.is_finite() && y.is_finite() {
                Ok(Coord { x, y })
            } else {
                Err(GeometryError::Coordinate)
            }
        });
        Ok(LineString(corners.collect::<Result<_, _>>()?))
    }
}

/// The two numbers of 16 bytes.
pub(super) fn position(bytes: &[u8]) -> (f64, f64) {
    let number = |bytes: &[u8]| f64::from_le_bytes(bytes.try_into().expect("eight bytes"));
    (number(&bytes[..8]), number(&bytes[8..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A polygon of one closed ring.
    fn polygon(corners: &[(f64, f64)]) -> Vec<u8> {
        let mut wkb = vec![1, 3, 0, 0, 0, 1, 0, 0, 0];
        wkb.extend_from_slice(&u32::try_from(corners.len()).unwrap().to_le_bytes());
        for (x, y) in corners {
            wkb.extend_from_slice(&x.to_le_bytes());
            wkb.extend_from_slice(&y.to_le_bytes());
        }
        wkb
    }

    fn multi(parts: &[Vec<u8>]) -> Vec<u8> {
        let mut wkb = vec![1, 6, 0, 0, 0];
        wkb.extend_from_slice(&u32::try_from(parts.len()).unwrap().to_le_bytes());
        wkb.extend(parts.concat());
        wkb
    }

    const CORNERS: [(f64, f64); 4] = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)];

    #[test]
    fn an_area_comes_back_as_it_was_written() {
        let area = read_area(&multi(&[polygon(&CORNERS), polygon(&CORNERS)])).unwrap();
        let expected = Polygon::new(LineString::from(CORNERS.to_vec()), Vec::new());
        assert_eq!(area, MultiPolygon(vec![expected.clone(), expected.clone()]));
        assert_eq!(
            read_area(&polygon(&CORNERS)),
            Ok(MultiPolygon(vec![expected]))
        );
    }

    #[test]
    fn bytes_that_end_early_or_are_no_area_are_refused() {
        let whole = multi(&[polygon(&CORNERS)]);
        for length in 0..whole.len() {
            assert_eq!(read_area(&whole[..length]), Err(GeometryError::Truncated));
        }
        assert_eq!(
            read_area(&[1, 1, 0, 0, 0]),
            Err(GeometryError::Type(1)),
            "a point"
        );
        assert_eq!(
            read_area(&polygon(&[(f64::NAN, 0.0)])),
            Err(GeometryError::Coordinate)
        );
    }
}
