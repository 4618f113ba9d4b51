//! A place on the earth in degrees.

use serde::{Deserialize, Serialize};

/// A place in EPSG:4326, longitude first.
///
/// Finite, longitude within ±180° and latitude within ±90°: `LonLat::parse` is the only way in.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

/// A pair of numbers that is no place on the earth.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("longitude {lon}, latitude {lat} is not a place on the earth")]
pub struct LonLatError {
    /// What was given as longitude.
    pub lon: f64,
    /// What was given as latitude.
    pub lat: f64,
}

impl LonLat {
    /// A place from degrees of longitude and latitude.
    ///
    /// # Errors
    /// Either is not finite, longitude is beyond ±180° or latitude beyond ±90°.
    pub fn parse(lon: f64, lat: f64) -> Result<Self, LonLatError> {
        let is_on_earth = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        if is_on_earth {
            Ok(Self { lon, lat })
        } else {
            Err(LonLatError { lon, lat })
        }
    }

    /// Degrees east of Greenwich.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north of the equator.
    pub fn lat(self) -> f64 {
        self.lat
    }
}

impl From<LonLat> for geo_types::Coord<f64> {
    fn from(place: LonLat) -> Self {
        Self {
            x: place.lon,
            y: place.lat,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_jakarta_is_refused() {
        assert!(LonLat::parse(106.8, -6.2).is_ok());
        assert!(LonLat::parse(-6.2, 106.8).is_err());
        assert!(LonLat::parse(f64::NAN, 0.0).is_err());
    }
}
