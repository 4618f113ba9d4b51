//! How large a picture may be.

/// Narrower, a headline is all there is room for.
pub const MIN_WIDTH_PX: u32 = 400;
/// Lower, the legend does not fit beside the map.
pub const MIN_HEIGHT_PX: u32 = 300;
/// An A3 sheet at 240 dots to the inch.
pub const MAX_SIDE_PX: u32 = 4_000;
/// Four bytes each while a PNG is drawn: 36 MB.
const MAX_PIXELS: u32 = 9_000_000;

/// Width and height within the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSize {
    width_px: u32,
    height_px: u32,
}

impl PictureSize {
    /// 16:9, a screen and a slide.
    pub const WIDE: Self = Self {
        width_px: 1600,
        height_px: 900,
    };

    /// A size, or what is wrong with it.
    ///
    /// # Errors
    /// A side or the number of pixels is beyond the limits.
    pub fn parse(width_px: u32, height_px: u32) -> Result<Self, String> {
        if !(MIN_WIDTH_PX..=MAX_SIDE_PX).contains(&width_px) {
            return Err(format!(
                "a picture is {MIN_WIDTH_PX} to {MAX_SIDE_PX} pixels wide, not {width_px}"
            ));
        }
        if !(MIN_HEIGHT_PX..=MAX_SIDE_PX).contains(&height_px) {
            return Err(format!(
                "a picture is {MIN_HEIGHT_PX} to {MAX_SIDE_PX} pixels high, not {height_px}"
            ));
        }
        if MAX_PIXELS < width_px * height_px {
            return Err(format!(
                "a picture has at most {MAX_PIXELS} pixels, not {width_px} × {height_px}"
            ));
        }
        Ok(Self {
            width_px,
            height_px,
        })
    }

    /// A size of which sides may be left out: 16:9 then, as far as the limits allow.
    ///
    /// # Errors
    /// A side or the number of pixels is beyond the limits.
    pub fn of_sides(width_px: Option<u32>, height_px: Option<u32>) -> Result<Self, String> {
        match (width_px, height_px) {
            (None, None) => Ok(Self::WIDE),
            (Some(width), Some(height)) => Self::parse(width, height),
            (Some(width), None) => {
                let height = width.saturating_mul(9) / 16;
                Self::parse(width, height.max(MIN_HEIGHT_PX))
            }
            (None, Some(height)) => {
                let width = height.saturating_mul(16) / 9;
                Self::parse(width.clamp(MIN_WIDTH_PX, MAX_SIDE_PX), height)
            }
        }
    }

    /// Pixels from left to right.
    pub fn width_px(self) -> u32 {
        self.width_px
    }

    /// Pixels from top to bottom.
    pub fn height_px(self) -> u32 {
        self.height_px
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_beyond_a_limit_is_refused() {
        assert!(PictureSize::parse(MIN_WIDTH_PX, MIN_HEIGHT_PX).is_ok());
        assert!(PictureSize::parse(MIN_WIDTH_PX - 1, 900).is_err());
        assert!(PictureSize::parse(1600, MIN_HEIGHT_PX - 1).is_err());
        assert!(PictureSize::parse(MAX_SIDE_PX + 1, 900).is_err());
        assert!(PictureSize::parse(MAX_SIDE_PX, MAX_SIDE_PX).is_err());
    }
}
