//! The second and third pass: places of nodes, then the features of one layer.

use geo_types::{Geometry, LineString, Point};

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::findings::finding;
use crate::ingest::protocol::{Frame, Header, RawFeature};
use crate::ingest::reader::Stop;
use crate::ingest::reader::crs::{self, Box4};

use super::element::{Element, Node, Wanted, Way};
use super::line::{self, Known, Shaped};
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
    survey: Survey,
    kind: Kind,
    district: Option<Box4>,
    sink: Sink<'_>,
) -> Result<(), Stop> {
    let Survey {
        mut roads,
        mut crossings,
        nodes,
        tally,
    } = survey;
    let mut places = nodes.into_places();
    let wanted = Wanted {
        nodes: true,
        ways: kind == Kind::Roads,
        relations: false,
    };
    let (mut way_ranks, mut node_ranks) = (Ranks::default(), Ranks::default());
    source.read(wanted, &mut |element| {
        match element {
            Element::Node(node) => {
                crossings.look_again(node.identity, node_ranks.next(node.identity));
                places.note(&node);
            }
            Element::Way(way) => roads.look_again(way.identity, way_ranks.next(way.identity)),
            Element::Relation(_) => {}
        }
        Ok(())
    })?;
    let chosen = match kind {
        Kind::Roads => &roads,
        Kind::Crossings => &crossings,
    };
    sink(Frame::Header(Header {
        layer: kind.name().to_owned(),
        fields: columns(kind),
        crs: "EPSG:4326 (WGS 84): the standard of OpenStreetMap".to_owned(),
        encoding: "UTF-8: the standard of OpenStreetMap".to_owned(),
        n_features: Some(chosen.len()),
    }))?;
    let mut sending = Sending {
        places,
        box_4326: None,
        sink,
        tally,
    };
    let wanted = Wanted {
        nodes: kind == Kind::Crossings,
        ways: kind == Kind::Roads,
        relations: false,
    };
    let (mut way_ranks, mut node_ranks) = (Ranks::default(), Ranks::default());
    source.read(wanted, &mut |element| {
        match element {
            Element::Node(node) => {
                let rank = node_ranks.next(node.identity);
                if crossings.is(node.identity, rank) {
                    sending.crossing(&node)?;
                }
            }
            Element::Way(way) => {
                let rank = way_ranks.next(way.identity);
                if roads.is(way.identity, rank) {
                    sending.road(&way)?;
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
    } = sending;
    if kind == Kind::Roads {
        tally.n_older = roads.n_older;
        tally.n_repeated = roads.n_repeated + places.n_repeated;
        tally.send(sink)?;
    }
    if let (Some(district), Some(box_4326)) = (district, box_4326)
        && let Some(implausible) = crs::far_away(box_4326, district)
    {
        sink(Frame::Finding(implausible))?;
    }
    Ok(())
}

/// Features on their way out.
struct Sending<'a> {
    places: Places,
    /// Around everything sent.
    box_4326: Option<Box4>,
    sink: Sink<'a>,
    tally: Tally,
}

impl Sending<'_> {
    fn crossing(&mut self, node: &Node<'_>) -> Result<(), Stop> {
        let fid = node.identity.id;
        let Some(place) = node.place else {
            return (self.sink)(Frame::Finding(Finding {
                fid: Some(fid),
                ..finding(
                    Severity::Warning,
                    FindingCode::CoordsOutOfRange,
                    "the node is nowhere on the earth, so the crossing was left out",
                    "correct it, or get the file again from its source",
                )
            }));
        };
        let (x, y) = place.degrees();
        self.grow(x, y);
        (self.sink)(Frame::Feature(RawFeature {
            fid,
            geometry: Some(Point::new(x, y).into()),
            values: crossing::values(node),
        }))
    }

    fn road(&mut self, way: &Way<'_>) -> Result<(), Stop> {
        let Reading::Road(read) = road::read(way) else {
            return Ok(());
        };
        let shaped = self.shape(way);
        if let Some(finding) = missing(way, &shaped) {
            (self.sink)(Frame::Finding(finding))?;
        }
        if shaped.line.0.is_empty() {
            return Ok(());
        }
        for note in read.notes {
            self.tally.note(note);
        }
        self.tally.n_over_antimeridian += u64::from(shaped.crosses_antimeridian);
        for coord in shaped.line.iter().flat_map(LineString::coords) {
            self.grow(coord.x, coord.y);
        }
        (self.sink)(Frame::Feature(RawFeature {
            fid: way.identity.id,
            geometry: Some(Geometry::MultiLineString(shaped.line)),
            values: read.values,
        }))
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

/// What is missing of a way's line, and what became of it.
fn missing(way: &Way<'_>, shaped: &Shaped) -> Option<Finding> {
    let n_nodes = way.nodes.len();
    let outcome = if shaped.line.0.is_empty() {
        "the road was left out, since nothing of its line is known"
    } else {
        "the road is kept as far as its line is known"
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
            "the way has fewer than two different places, so the road was left out".to_owned(),
            "cut the extract with whole ways; if it is so in OpenStreetMap itself, delete it there",
        )
    } else {
        return None;
    };
    Some(Finding {
        fid: Some(way.identity.id),
        ..finding(Severity::Warning, code, cause, mend)
    })
}
