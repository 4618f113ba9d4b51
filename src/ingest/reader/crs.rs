//! Which coordinate system a layer is in: what was asked, what the file says, what its format prescribes. Never a guess.

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use gdal::vector::{Layer, LayerAccess};

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;

use super::Stop;

/// Longitude and latitude on WGS 84, which everything is turned into.
const WGS_84: u32 = 4326;

/// Systems of western Indonesia that are tried where data lie in the wrong place: offered, never applied.
const CANDIDATES: [(u32, &str); 9] = [
    (4326, "WGS 84 in degrees"),
    (32748, "UTM 48S"),
    (32747, "UTM 47S"),
    (32648, "UTM 48N"),
    (32647, "UTM 47N"),
    (23878, "DGN95 UTM 48S"),
    (23877, "DGN95 UTM 47S"),
    (23833, "DGN95 TM-3 zone 48.1"),
    (9488, "SRGI2013 UTM 48S"),
];

/// West, south, east, north.
pub(super) type Box4 = [f64; 4];

/// The coordinate system of a layer.
pub(super) struct Crs {
    /// For the report: the system, and why it was taken.
    pub(super) label: String,
    /// The way to WGS 84; none where the data are there already, so that they stay exactly as they are.
    pub(super) to_wgs_84: Option<CoordTransform>,
}

/// Who says which system a layer is in, where nobody asks for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// WGS 84, and by which rule.
    Standard(&'static str),
    /// The file, and what of it.
    File(&'static str),
}

/// The coordinate system of `layer`.
///
/// # Errors
/// `asked` is not `EPSG:n`, or nobody says which system it is.
pub(super) fn of_layer(layer: &Layer<'_>, basis: Basis, asked: Option<&str>) -> Result<Crs, Stop> {
    if let Some(asked) = asked {
        return Ok(crs(&by_code(asked)?, "as asked by --crs")?);
    }
    match basis {
        Basis::Standard(rule) => Ok(Crs {
            label: format!("EPSG:4326 (WGS 84): {rule}"),
            to_wgs_84: None,
        }),
        Basis::File(why) => {
            let stated = layer
                .spatial_ref()
                .filter(is_real)
                .ok_or_else(|| missing(layer.get_extent().ok().as_ref()))?;
            Ok(crs(&stated, why)?)
        }
    }
}

/// The coordinate system of a raster within `extent`, and the way back into it from WGS 84, where it is another one.
///
/// # Errors
/// As [`of_layer`].
pub(super) fn of_raster(
    stated: Option<&SpatialRef>,
    [west, south, east, north]: Box4,
    asked: Option<&str>,
) -> Result<(Crs, Option<CoordTransform>), Stop> {
    let (srs, why) = match (asked, stated) {
        (Some(asked), _) => (by_code(asked)?, "as asked by --crs"),
        (None, Some(stated)) if is_real(stated) => (stated.clone(), "the file says so"),
        (None, _) => {
            let extent = gdal::vector::Envelope {
                MinX: west,
                MaxX: east,
                MinY: south,
                MaxY: north,
            };
            return Err(missing(Some(&extent)).into());
        }
    };
    let crs = crs(&srs, why)?;
    let back = match &crs.to_wgs_84 {
        // What cannot be looked up is read whole.
        Some(_) => back(&srs).ok(),
        None => None,
    };
    Ok((crs, back))
}

/// A GeoPackage may say "undefined"; a drawing has a system of its own.
fn is_real(srs: &SpatialRef) -> bool {
    let is_undefined = srs
        .name()
        .is_none_or(|name| name.to_lowercase().starts_with("undefined"));
    !is_undefined && (srs.is_geographic() || srs.is_projected())
}

fn by_code(asked: &str) -> Result<SpatialRef, Stop> {
    let misuse = || {
        Stop::Misuse(format!(
            "cannot use `{asked}` as a coordinate system: write EPSG:n, such as EPSG:32748"
        ))
    };
    let (authority, code) = asked.split_once(':').ok_or_else(misuse)?;
    let code: u32 = code.trim().parse().map_err(|_cause| misuse())?;
    if !authority.trim().eq_ignore_ascii_case("EPSG") {
        return Err(misuse());
    }
    SpatialRef::from_epsg(code).map_err(|_cause| misuse())
}

fn crs(srs: &SpatialRef, why: &str) -> Result<Crs, Finding> {
    let name = srs.name().unwrap_or_default();
    let code = srs.authority().ok();
    let label = match &code {
        Some(code) => format!("{code} ({name}): {why}"),
        None => format!("{name}: {why}"),
    };
    let is_wgs_84 = srs.is_geographic()
        && (code.as_deref() == Some("EPSG:4326")
            || matches!(name.as_str(), "WGS 84" | "GCS_WGS_1984" | "WGS 84 (CRS84)"));
    let to_wgs_84 = if is_wgs_84 {
        None
    } else {
        Some(transform(srs).map_err(|cause| {
            error(
                FindingCode::CrsMissing,
                format!("cannot turn coordinates of {name} into degrees: {cause}"),
                "pass --crs EPSG:n",
            )
        })?)
    };
    Ok(Crs { label, to_wgs_84 })
}

/// Of a table that nothing places anywhere.
pub(super) fn none_needed() -> Crs {
    Crs {
        label: "none needed: a table without places".to_owned(),
        to_wgs_84: None,
    }
}

/// Longitude first on both sides, whatever an authority prescribes.
fn transform(from: &SpatialRef) -> gdal::errors::Result<CoordTransform> {
    let mut from = from.clone();
    from.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let mut to = SpatialRef::from_epsg(WGS_84)?;
    to.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    CoordTransform::new(&from, &to)
}

/// The other way round.
fn back(to: &SpatialRef) -> gdal::errors::Result<CoordTransform> {
    let mut to = to.clone();
    to.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let mut from = SpatialRef::from_epsg(WGS_84)?;
    from.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    CoordTransform::new(&from, &to)
}

fn missing(extent: Option<&gdal::vector::Envelope>) -> Finding {
    let mend = match extent.and_then(proposal) {
        Some(proposal) => format!("if the coordinates are {proposal}"),
        None => "ask the supplier, then pass --crs EPSG:n".to_owned(),
    };
    error(
        FindingCode::CrsMissing,
        "the file does not say in which coordinate system its coordinates are",
        mend,
    )
}

/// What coordinates of this size probably are.
fn proposal(extent: &gdal::vector::Envelope) -> Option<String> {
    let within = |low: f64, high: f64, minimum: f64, maximum: f64| minimum >= low && maximum < high;
    if within(-180.0, 180.1, extent.MinX, extent.MaxX)
        && within(-90.0, 90.1, extent.MinY, extent.MaxY)
    {
        Some("degrees, as they seem, pass --crs EPSG:4326".to_owned())
    } else if within(1e5, 1e6, extent.MinX, extent.MaxX)
        && within(1e6, 1e7, extent.MinY, extent.MaxY)
    {
        Some("metres of UTM zone 48 south, as they seem, pass --crs EPSG:32748".to_owned())
    } else {
        None
    }
}

/// The finding where data lie more than a degree from the district, with the systems in which they would fit.
///
/// `raw` is their box as the file has it, `box_4326` after transformation.
pub(super) fn implausible(raw: Box4, box_4326: Box4, district: Box4) -> Option<Finding> {
    if touches(box_4326, district, 1.0) {
        return None;
    }
    let mut fitting: Vec<String> = CANDIDATES
        .iter()
        .filter(|(code, _)| moved(raw, *code).is_some_and(|moved| touches(moved, district, 0.1)))
        .map(|(code, name)| format!("--crs EPSG:{code} ({name})"))
        .collect();
    let [west, south, east, north] = raw;
    if touches([south, west, north, east], district, 0.1) {
        fitting.push("longitude and latitude swapped".to_owned());
    }
    let mend = if fitting.is_empty() {
        "check that it is the right file, then its coordinate system".to_owned()
    } else {
        format!("they would fit with: {}", fitting.join(", or "))
    };
    Some(lie_elsewhere(box_4326, mend))
}

/// The finding where data whose system is certain lie more than a degree from the district.
pub(super) fn far_away(box_4326: Box4, district: Box4) -> Option<Finding> {
    if touches(box_4326, district, 1.0) {
        return None;
    }
    Some(lie_elsewhere(
        box_4326,
        "choose the extract that holds the district",
    ))
}

fn lie_elsewhere([west, south, east, north]: Box4, mend: impl Into<String>) -> Finding {
    error(
        FindingCode::CrsImplausible,
        format!(
            "the data lie at longitude {west:.2} to {east:.2}, latitude {south:.2} to {north:.2}, more than a degree from the district"
        ),
        mend,
    )
}

/// The box of the corners and the centre of `raw`, read in the system `code`.
fn moved(raw: Box4, code: u32) -> Option<Box4> {
    if code == WGS_84 {
        return (raw[0].abs() <= 180.0 && raw[2].abs() <= 180.0).then_some(raw);
    }
    let from = SpatialRef::from_epsg(code).ok()?;
    moved_by(raw, &transform(&from).ok()?)
}

/// The box of the corners and the centre of `raw`, transformed.
pub(super) fn moved_by(raw: Box4, transform: &CoordTransform) -> Option<Box4> {
    let [west, south, east, north] = raw;
    let mut x = [west, east, west, east, f64::midpoint(west, east)];
    let mut y = [south, south, north, north, f64::midpoint(south, north)];
    transform.transform_coords(&mut x, &mut y, &mut []).ok()?;
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some([least(&x), least(&y), most(&x), most(&y)])
}

/// Whether two boxes are at most `margin` degrees apart.
fn touches(a: Box4, b: Box4, margin: f64) -> bool {
    a[0] <= b[2] + margin && b[0] <= a[2] + margin && a[1] <= b[3] + margin && b[1] <= a[3] + margin
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAROLANGUN: Box4 = [102.06, -2.77, 103.24, -1.89];

    #[test]
    fn utm_48_south_read_as_47_south_is_offered_its_zone() {
        // The middle of Sarolangun in UTM 48S; read as 47S it lands six degrees west.
        let raw = [250_000.0, 9_720_000.0, 280_000.0, 9_760_000.0];
        let read_as_47 = moved(raw, 32747).unwrap();
        let finding = implausible(raw, read_as_47, SAROLANGUN).unwrap();
        assert!(finding.mend.contains("EPSG:32748"), "{}", finding.mend);
        assert!(!finding.mend.contains("EPSG:32747"), "{}", finding.mend);
        let read_as_48 = moved(raw, 32748).unwrap();
        assert_eq!(implausible(raw, read_as_48, SAROLANGUN), None);
    }

    #[test]
    fn swapped_axes_are_offered() {
        let raw = [-2.5, 102.5, -2.0, 103.0];
        let finding = implausible(raw, raw, SAROLANGUN).unwrap();
        assert!(finding.mend.contains("swapped"), "{}", finding.mend);
    }
}
