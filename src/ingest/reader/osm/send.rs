//! The second and third pass: places of nodes, then the features of one layer.

use std::collections::BTreeSet;

use geo::InteriorPoint;
use geo_types::{Coord, Geometry, LineString, Point, Polygon};

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::protocol::{Cell, Frame, Header, RawFeature};
use crate::ingest::reader::Stop;
use crate::ingest::reader::crs::{self, Box4};

use super::element::{Element, Node, Tags, Wanted, Way};
use super::line::{self, Known, Shaped};
use super::mapped::{self, Shape};
use super::places::Places;
use super::road::{self, Reading};
use super::source::Source;
use super::survey::{Ranks, Survey};
use super::tally::Tally;
use super::{Kind, Sink, columns, crossing};

/// Sends the features of a layer, after what is known of it and before what was left out.
///
/// # Errors
/// The file is refused, or the pipe is gone.
pub(super) fn send(
    source: &Source<'_>,
    mut survey: Survey,
    kind: Kind,
    district: Option<Box4>,
    sink: Sink<'_>,
) -> Result<(), Stop> {
    let mut chosen = survey.take(kind);
    let Survey { nodes, tally, .. } = survey;
    let mut places = nodes.into_places();
    let has_ways = 0 < chosen.ways.len();
    let wanted = Wanted {
        nodes: true,
        ways: has_ways,
        relations: false,
    };
    let (mut way_ranks, mut node_ranks) = (Ranks::default(), Ranks::default());
    source.read(wanted, &mut |element| {
        match element {
            Element::Node(node) => {
                let rank = node_ranks.next(node.identity);
                chosen.nodes.look_again(node.identity, rank);
                places.note(&node);
            }
            Element::Way(way) => {
                let rank = way_ranks.next(way.identity);
                chosen.ways.look_again(way.identity, rank);
            }
            Element::Relation(_) => {}
        }
        Ok(())
    })?;
    sink(Frame::Header(Header {
        layer: kind.name().to_owned(),
        fields: columns(kind),
        crs: "EPSG:4326 (WGS 84): the standard of OpenStreetMap".to_owned(),
        encoding: "UTF-8: the standard of OpenStreetMap".to_owned(),
        n_features: Some(chosen.len()),
    }))?;
    let mut sending = Sending {
        kind,
        places,
        box_4326: None,
        sink,
        tally,
    };
    let wanted = Wanted {
        nodes: 0 < chosen.nodes.len(),
        ways: has_ways,
        relations: false,
    };
    let (mut way_ranks, mut node_ranks) = (Ranks::default(), Ranks::default());
    source.read(wanted, &mut |element| {
        match element {
            Element::Node(node) => {
                let rank = node_ranks.next(node.identity);
                if chosen.nodes.is(node.identity, rank) {
                    sending.node(&node)?;
                }
            }
            Element::Way(way) => {
                let rank = way_ranks.next(way.identity);
                if chosen.ways.is(way.identity, rank) {
                    sending.way(&way)?;
                }
            }
            Element::Relation(_) => {}
        }
        Ok(())
    })?;
    let Sending {
        places,
        box_4326,
        sink,
        mut tally,
        ..
    } = sending;
    tally.n_older = chosen.nodes.n_older + chosen.ways.n_older;
    tally.n_repeated = chosen.nodes.n_repeated + chosen.ways.n_repeated + places.n_repeated;
    tally.send(Some(kind), sink)?;
    if let (Some(district), Some(box_4326)) = (district, box_4326)
        && let Some(implausible) = crs::far_away(box_4326, district)
    {
        sink(Frame::Finding(implausible))?;
    }
    Ok(())
}

/// Features on their way out.
struct Sending<'a> {
    kind: Kind,
    places: Places,
    /// Around everything sent.
    box_4326: Option<Box4>,
    sink: Sink<'a>,
    tally: Tally,
}

impl Sending<'_> {
    fn node(&mut self, node: &Node<'_>) -> Result<(), Stop> {
        let fid = node.identity.id;
        let Some(place) = node.place else {
            return (self.sink)(Frame::Finding(Finding {
                fid: Some(fid),
                ..Finding::new(
                    Severity::Warning,
                    FindingCode::CoordsOutOfRange,
                    "the node is nowhere on the earth, so it was left out",
                    "correct it, or get the file again from its source",
                )
            }));
        };
        let (x, y) = place.degrees();
        self.grow(x, y);
        let values = match self.kind {
            Kind::Crossings => crossing::values(node),
            kind => self.mapped(kind, fid, Shape::Node, &node.tags),
        };
        (self.sink)(Frame::Feature(RawFeature {
            fid,
            geometry: Some(Point::new(x, y).into()),
            values,
        }))
    }

    fn way(&mut self, way: &Way<'_>) -> Result<(), Stop> {
        let road = match self.kind {
            Kind::Roads => match road::read(way) {
                Reading::Road(road) => Some(road),
                _ => return Ok(()),
            },
            _ => None,
        };
        let shaped = self.shape(way);
        if let Some(finding) = missing(way, &shaped) {
            (self.sink)(Frame::Finding(finding))?;
        }
        if shaped.line.0.is_empty() {
            return Ok(());
        }
        let values = match road {
            Some(road) => {
                for note in road.notes {
                    self.tally.note(note);
                }
                road.values
            }
            None => self.mapped(self.kind, way.identity.id, way.shape(), &way.tags),
        };
        self.tally.n_over_antimeridian += u64::from(shaped.crosses_antimeridian);
        for coord in shaped.line.iter().flat_map(LineString::coords) {
            self.grow(coord.x, coord.y);
        }
        let geometry = match self.kind {
            Kind::Roads | Kind::Barriers => Geometry::MultiLineString(shaped.line),
            _ => Geometry::Point(on_surface(&shaped)),
        };
        (self.sink)(Frame::Feature(RawFeature {
            fid: way.identity.id,
            geometry: Some(geometry),
            values,
        }))
    }

    fn mapped(&mut self, kind: Kind, id: i64, shape: Shape, tags: &Tags<'_>) -> Vec<Cell> {
        let mut notes = BTreeSet::new();
        let values = mapped::values(kind, id, shape, tags, &mut notes);
        for note in notes {
            self.tally.mapped(kind, note);
        }
        values
    }

    fn shape(&self, way: &Way<'_>) -> Shaped {
        if way.places.is_empty() {
            return line::shape(way.nodes.iter().map(|node| self.places.of(*node)));
        }
        line::shape(way.places.iter().map(|place| match place {
            Some(place) => Known::At(*place),
            None => Known::Nowhere,
        }))
    }

    fn grow(&mut self, x: f64, y: f64) {
        let [west, south, east, north] = self.box_4326.unwrap_or([x, y, x, y]);
        self.box_4326 = Some([west.min(x), south.min(y), east.max(x), north.max(y)]);
    }
}

/// A point on the area of a ring, as far as its line is known; else on the line.
fn on_surface(shaped: &Shaped) -> Point<f64> {
    let ring: Vec<Coord<f64>> = match shaped.line.0.as_slice() {
        // Parts on either side of the antimeridian are no ring.
        [first, _, ..] if shaped.crosses_antimeridian => first.0.clone(),
        parts => parts
            .iter()
            .flat_map(|part| part.0.iter().copied())
            .collect(),
    };
    let first = ring[0];
    Polygon::new(LineString(ring), Vec::new())
        .interior_point()
        .filter(|point| point.x().is_finite() && point.y().is_finite())
        .unwrap_or_else(|| first.into())
}

/// What is missing of a way's line, and what became of it.
fn missing(way: &Way<'_>, shaped: &Shaped) -> Option<Finding> {
    let n_nodes = way.nodes.len();
    let outcome = if shaped.line.0.is_empty() {
        "the way was left out, since nothing of its line is known"
    } else {
        "the way is kept as far as its line is known"
    };
    let (code, cause, mend) = if 0 < shaped.n_missing {
        (
            FindingCode::OsmIncomplete,
            format!(
                "{} of {n_nodes} nodes are not in the file; {outcome}",
                shaped.n_missing
            ),
            "cut the extract with whole ways: osmium extract --strategy complete_ways",
        )
    } else if 0 < shaped.n_nowhere {
        (
            FindingCode::CoordsOutOfRange,
            format!(
                "{} of {n_nodes} nodes are nowhere on the earth; {outcome}",
                shaped.n_nowhere
            ),
            "correct them, or get the file again from its source",
        )
    } else if shaped.line.0.is_empty() {
        (
            FindingCode::OsmIncomplete,
            "the way has fewer than two different places, so it was left out".to_owned(),
            "cut the extract with whole ways; if it is so in OpenStreetMap itself, delete it there",
        )
    } else {
        return None;
    };
    Some(Finding {
        fid: Some(way.identity.id),
        ..Finding::new(Severity::Warning, code, cause, mend)
    })
}
