//! OSM's XML, read element by element; document types are refused and entities never looked up.
//!
//! Reference: OpenStreetMap wiki, "OSM XML".

use std::borrow::Cow;
use std::io::{BufRead, ErrorKind};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;
use crate::ingest::reader::{Stop, unreadable};

use super::element::{Element, Identity, Node, Place, Relation, Tags, Wanted, Way};
use super::{MAX_NODES_OF_WAY, Visit, too_many_nodes};

/// Elements inside one another: `osm`, an element, its parts, and what editors add.
const MAX_DEPTH: u32 = 16;

/// Tags of one element; OSM's own limit is 5,000 for changesets and far less in practice.
const MAX_TAGS: usize = 10_000;

/// Reads a document and hands every wanted element to `visit`.
///
/// # Errors
/// The document is broken, cut off, not of OSM or passes a limit, or `visit` stops.
pub(super) fn read(document: impl BufRead, wanted: Wanted, visit: Visit<'_>) -> Result<(), Stop> {
    let mut reader = Reader::from_reader(document);
    let mut buffer = Vec::new();
    let mut depth = 0;
    let mut open: Option<Open> = None;
    loop {
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|cause| broken(reader.error_position(), &cause))?;
        match event {
            Event::Start(start) => {
                begin(&start, depth, &mut open, wanted)?;
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(too_deep().into());
                }
            }
            Event::Empty(start) => {
                begin(&start, depth, &mut open, wanted)?;
                if depth == 1 {
                    end(&mut open, visit)?;
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if depth == 1 {
                    end(&mut open, visit)?;
                }
            }
            Event::DocType(_) => return Err(declares().into()),
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(cut_off(reader.buffer_position()).into()),
            _ => {}
        }
    }
}

/// Kind of an element that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Node,
    Way,
    Relation,
}

/// An element whose parts are still to come.
struct Open {
    kind: Kind,
    identity: Identity,
    place: Option<Place>,
    nodes: Vec<i64>,
    tags: Tags<'static>,
}

/// Takes the start of an element: `depth` elements are open around it.
fn begin(
    start: &BytesStart<'_>,
    depth: u32,
    open: &mut Option<Open>,
    wanted: Wanted,
) -> Result<(), Finding> {
    let name = start.name();
    let name: &[u8] = name.as_ref().as_ref();
    match (depth, name) {
        (0, b"osm") => Ok(()),
        (0, _) => Err(error(
            FindingCode::FileUnsupported,
            "the file is XML, but its first element is not `osm`",
            "take the data themselves, not a file of changes",
        )),
        (1, b"node") if wanted.nodes => begin_element(Kind::Node, start, open),
        (1, b"way") if wanted.ways => begin_element(Kind::Way, start, open),
        (1, b"relation") if wanted.relations => begin_element(Kind::Relation, start, open),
        (2, b"tag") => open.as_mut().map_or(Ok(()), |open| add_tag(start, open)),
        (2, b"nd") => open.as_mut().map_or(Ok(()), |open| add_node(start, open)),
        _ => Ok(()),
    }
}

fn begin_element(
    kind: Kind,
    start: &BytesStart<'_>,
    open: &mut Option<Open>,
) -> Result<(), Finding> {
    let mut identity = Identity {
        id: 0,
        version: 0,
        is_visible: true,
    };
    let mut has_id = false;
    let (mut lon, mut lat) = (None, None);
    attributes(start, |key, value| match key {
        b"id" => {
            let id = value.trim().parse().ok();
            has_id = id.is_some();
            identity.id = id.unwrap_or_default();
        }
        b"version" => identity.version = value.trim().parse().unwrap_or_default(),
        b"visible" => identity.is_visible &= value.trim() != "false",
        // JOSM keeps what is to be deleted at the next upload.
        b"action" => identity.is_visible &= value.trim() != "delete",
        b"lon" => lon = value.trim().parse::<f64>().ok(),
        b"lat" => lat = value.trim().parse::<f64>().ok(),
        _ => {}
    })?;
    if !has_id {
        return Err(error(
            FindingCode::FileUnreadable,
            "an element has no id that is a number",
            "get the file again from its source",
        ));
    }
    let place = lon
        .zip(lat)
        .and_then(|(lon, lat)| Place::of_degrees(lon, lat));
    *open = Some(Open {
        kind,
        identity,
        place,
        nodes: Vec::new(),
        tags: Tags::default(),
    });
    Ok(())
}

fn add_tag(start: &BytesStart<'_>, open: &mut Open) -> Result<(), Finding> {
    let (mut key, mut text) = (String::new(), String::new());
    attributes(start, |name, value| match name {
        b"k" => key = value.into_owned(),
        b"v" => text = value.into_owned(),
        _ => {}
    })?;
    open.tags.0.push((key.into(), text.into()));
    if open.tags.0.len() > MAX_TAGS {
        return Err(Finding {
            fid: Some(open.identity.id),
            ..error(
                FindingCode::ParseLimit,
                format!("an element has more than {MAX_TAGS} tags"),
                "get the file again from its source",
            )
        });
    }
    Ok(())
}

fn add_node(start: &BytesStart<'_>, open: &mut Open) -> Result<(), Finding> {
    let mut node = None;
    attributes(start, |name, value| {
        if name == b"ref" {
            node = value.trim().parse().ok();
        }
    })?;
    let Some(node) = node else {
        return Err(Finding {
            fid: Some(open.identity.id),
            ..error(
                FindingCode::FileUnreadable,
                "a node of a way has no id that is a number",
                "get the file again from its source",
            )
        });
    };
    open.nodes.push(node);
    if open.nodes.len() > MAX_NODES_OF_WAY {
        return Err(too_many_nodes(open.identity.id));
    }
    Ok(())
}

/// Hands out the element that ends here, if one was read.
fn end(open: &mut Option<Open>, visit: Visit<'_>) -> Result<(), Stop> {
    let Some(Open {
        kind,
        identity,
        place,
        nodes,
        tags,
    }) = open.take()
    else {
        return Ok(());
    };
    visit(match kind {
        Kind::Node => Element::Node(Node {
            identity,
            place,
            tags,
        }),
        Kind::Way => Element::Way(Way {
            identity,
            tags,
            nodes,
            places: Vec::new(),
        }),
        Kind::Relation => Element::Relation(Relation { identity, tags }),
    })
}

/// Hands each attribute with its value, the five entities of XML resolved and no other.
fn attributes(
    start: &BytesStart<'_>,
    mut take: impl FnMut(&[u8], Cow<'_, str>),
) -> Result<(), Finding> {
    // Looking for repeated names takes time that grows with the square of their number.
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|cause| unreadable_xml(&cause))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|cause| unreadable_xml(&cause))?;
        let name: &[u8] = attribute.key.as_ref().as_ref();
        take(name, value);
    }
    Ok(())
}

fn unreadable_xml(cause: &dyn std::fmt::Display) -> Finding {
    error(
        FindingCode::FileUnreadable,
        format!("the XML is damaged: {cause}"),
        "get the file again from its source",
    )
}

fn broken(position: u64, cause: &quick_xml::Error) -> Finding {
    match cause {
        quick_xml::Error::Io(cause) if cause.kind() == ErrorKind::FileTooLarge => error(
            FindingCode::ZipTooLarge,
            "the archive inflates to far more than its size",
            "get it as .osm.pbf; if the archive is trusted, the operator may pass --trust-file",
        ),
        quick_xml::Error::Io(cause) => unreadable(cause),
        cause => error(
            FindingCode::FileUnreadable,
            format!("the XML is damaged or cut off at byte {position}: {cause}"),
            "get the file again from its source",
        ),
    }
}

fn cut_off(position: u64) -> Finding {
    error(
        FindingCode::FileUnreadable,
        format!("the file breaks off at byte {position}"),
        "get it again from its source and compare its size",
    )
}

fn declares() -> Finding {
    error(
        FindingCode::FileUnsupported,
        "the XML declares a document type or entities, which are never expanded",
        "write the file again with osmium cat",
    )
}

fn too_deep() -> Finding {
    error(
        FindingCode::ParseLimit,
        format!("elements are more than {MAX_DEPTH} deep inside one another"),
        "write the file again with osmium cat",
    )
}
