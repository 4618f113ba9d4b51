//! Where a map tile is in the grid of web maps.

use std::fmt;

/// The closest zoom that tiles are made for: a cell of its grid is 0.6 m, finer than what is measured.
pub const MAX_TILE_ZOOM: u8 = 14;

/// A tile of the grid of web maps: EPSG:3857, `y` from the north, 2^z by 2^z tiles at zoom z.
///
/// `z` is at most [`MAX_TILE_ZOOM`], `x` and `y` are below 2^z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileAddress {
    z: u8,
    x: u32,
    y: u32,
}

/// Numbers that name no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileAddressError {
    /// Zoomed in too far.
    #[error("zoom {0} is beyond {MAX_TILE_ZOOM}, the closest there is")]
    Zoom(u32),
    /// Outside the grid.
    #[error("zoom {z} has no tile {x}/{y}: both are below {}", 1_u32 << z)]
    Outside {
        /// Zoom.
        z: u8,
        /// Column asked for.
        x: u32,
        /// Row asked for.
        y: u32,
    },
}

impl TileAddress {
    /// The tile of three numbers.
    ///
    /// # Errors
    /// There is no such tile.
    pub fn parse(z: u32, x: u32, y: u32) -> Result<Self, TileAddressError> {
        let zoom = u8::try_from(z).ok().filter(|zoom| *zoom <= MAX_TILE_ZOOM);
        let z = zoom.ok_or(TileAddressError::Zoom(z))?;
        if 1 << z <= x || 1 << z <= y {
            return Err(TileAddressError::Outside { z, x, y });
        }
        Ok(Self { z, x, y })
    }

    /// Its zoom.
    pub fn zoom(self) -> u8 {
        self.z
    }

    /// Zoom, column and row as SQL takes them.
    pub fn as_sql(self) -> [i32; 3] {
        // Columns and rows are below 2^14.
        [
            i32::from(self.z),
            self.x.cast_signed(),
            self.y.cast_signed(),
        ]
    }
}

impl fmt::Display for TileAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.z, self.x, self.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_ends_where_it_says() {
        assert!(TileAddress::parse(0, 0, 0).is_ok());
        assert!(TileAddress::parse(14, (1 << 14) - 1, (1 << 14) - 1).is_ok());
        let outside = TileAddressError::Outside { z: 0, x: 1, y: 0 };
        assert_eq!(TileAddress::parse(0, 1, 0), Err(outside));
        assert!(TileAddress::parse(14, 0, 1 << 14).is_err());
        assert_eq!(
            TileAddress::parse(15, 0, 0),
            Err(TileAddressError::Zoom(15))
        );
        assert!(TileAddress::parse(u32::MAX, 0, 0).is_err());
    }
}
