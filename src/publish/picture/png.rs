//! SVG text to PNG bytes, with the embedded font and no other.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::font::{BOLD, REGULAR};

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for face in [REGULAR, BOLD] {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(face)));
    }
    Arc::new(fonts)
});

/// A picture that could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The SVG is not one.
    #[error("cannot read the picture's SVG: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// No memory for its pixels.
    #[error("cannot hold the pixels of the picture")]
    Pixels,
    /// The encoder refused.
    #[error("cannot encode the picture: {0}")]
    Png(String),
}

/// The PNG of an SVG that [`super::write_svg`] made, pixel for pixel; the same bytes every time.
///
/// Tens of milliseconds and four bytes a pixel: not for a thread that serves requests.
///
/// # Errors
/// The text is no SVG, or memory is short.
pub fn write_png(svg: &str) -> Result<Vec<u8>, PictureError> {
    let options = Options {
        fontdb: Arc::clone(&FONTS),
        font_family: "DejaVu Sans".to_owned(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or(PictureError::Pixels)?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels
        .encode_png()
        .map_err(|cause| PictureError::Png(cause.to_string()))
}
