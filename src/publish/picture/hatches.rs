//! The hatches of states as SVG patterns.

use super::super::palette::{HATCH_TILE_PX, hatch};
use super::svg::{Svg, number};
use crate::domain::ReachState;

/// Writes the patterns, `unit` pixels for each pixel of their tile.
pub(super) fn write_definitions(svg: &mut Svg, unit: f64) {
    svg.put(format_args!("<defs>"));
    for hatch in ReachState::ALL.iter().filter_map(|state| hatch(*state)) {
        svg.put(format_args!(
            "<pattern id=\"{}\" width=\"{tile}\" height=\"{tile}\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"scale({unit:.2})\"><path fill=\"{}\" d=\"M0 0h{tile}v{tile}H0z\"/>\
             <path fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" d=\"{}\"/></pattern>",
            hatch.id,
            hatch.ground,
            hatch.stroke,
            number(f64::from(hatch.stroke_tenths_px) / 10.0),
            hatch.path,
            tile = HATCH_TILE_PX,
        ));
    }
    svg.put(format_args!("</defs>"));
}
