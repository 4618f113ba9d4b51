// The choropleth, drawn as SVG from GeoJSON: no library, no tiles.

import { hatches } from "./classes.js";
import { byId, html, svg } from "./dom.js";

const WIDTH = 1000;
const MARGIN = 12;
// Nearer than this on the drawing, a vertex cannot be seen.
const NEAR = 0.6;

let project = null;
let paths = new Map();
let order = [];
let routeLayer = null;

// Draws the villages; `choose` is called with the code of one that is clicked or entered.
export function drawMap(features, title, choose) {
  const corners = boundsOf(features);
  const shrink = Math.cos((((corners.south + corners.north) / 2) * Math.PI) / 180);
  const scale = (WIDTH - 2 * MARGIN) / Math.max((corners.east - corners.west) * shrink, 1e-9);
  const height = Math.ceil((corners.north - corners.south) * scale) + 2 * MARGIN;
  project = ([lon, lat]) => [
    MARGIN + (lon - corners.west) * shrink * scale,
    MARGIN + (corners.north - lat) * scale,
  ];
  paths = new Map(
    features.map((feature) => [
      feature.id,
      svg("path", {
        d: outline(feature.geometry),
        class: "village",
        "data-code": feature.id,
        role: "button",
        tabindex: -1,
        onclick: () => choose(feature.id),
      }),
    ]),
  );
  routeLayer = svg("g", { class: "route", "aria-hidden": "true" });
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${height}`, role: "group", "aria-label": title },
    svg("defs", {}, ...hatches()),
    svg("g", { class: "villages" }, ...paths.values()),
    routeLayer,
  );
  drawing.addEventListener("keydown", (event) => moveOrChoose(event, choose));
  byId("map").replaceChildren(drawing);
}

// Colours the villages by `lookOf(code)`, names them by `labelOf(code)`; arrow keys follow `codes`.
export function paintMap(codes, lookOf, labelOf) {
  order = codes.filter((code) => paths.has(code));
  for (const [code, path] of paths) {
    path.setAttribute("fill", lookOf(code)?.fill ?? "url(#hatch-no_input)");
    path.setAttribute("aria-label", labelOf(code));
    path.setAttribute("tabindex", code === order[0] ? 0 : -1);
  }
}

export function followPointer(labelOf) {
  const tip = byId("tip");
  const map = byId("map");
  map.onpointermove = (event) => {
    const code = event.target.dataset?.code;
    tip.hidden = !code;
    if (!code) return;
    tip.textContent = labelOf(code);
    const box = map.parentElement.getBoundingClientRect();
    tip.style.left = `${Math.min(event.clientX - box.left + 14, box.width - 190)}px`;
    tip.style.top = `${event.clientY - box.top + 14}px`;
  };
  map.onpointerleave = () => (tip.hidden = true);
}

export function selectOnMap(code) {
  for (const [each, path] of paths) {
    path.classList.toggle("selected", each === code);
    path.setAttribute("aria-pressed", each === code);
  }
  const path = paths.get(code);
  // The last drawn is on top: the outline is whole.
  path?.parentElement.append(path);
}

// Draws the legs of a route and a mark at its end.
export function drawRoute(collection) {
  const legs = collection?.features ?? [];
  const lines = legs.map(({ geometry, properties }) =>
    svg("path", { d: line(geometry.coordinates), class: `leg ${properties.leg}` }),
  );
  const end = legs.at(-1)?.geometry.coordinates.at(-1);
  if (end) {
    const [x, y] = project(end);
    lines.push(svg("circle", { cx: x, cy: y, r: 9, class: "facility" }));
    lines.push(svg("path", { d: `M${x - 5} ${y}h10M${x} ${y - 5}v10`, class: "facility-mark" }));
  }
  routeLayer?.replaceChildren(...lines);
}

function moveOrChoose(event, choose) {
  const here = order.indexOf(event.target.dataset?.code);
  if (here < 0) return;
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  if (event.key === "Enter" || event.key === " ") {
    choose(order[here]);
  } else if (event.key in steps) {
    const next = order[(here + steps[event.key] + order.length) % order.length];
    paths.get(order[here]).setAttribute("tabindex", -1);
    paths.get(next).setAttribute("tabindex", 0);
    paths.get(next).focus();
  } else {
    return;
  }
  event.preventDefault();
}

function rings(geometry) {
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

function boundsOf(features) {
  const corners = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const feature of features) {
    for (const ring of rings(feature.geometry)) {
      for (const [lon, lat] of ring) {
        corners.west = Math.min(corners.west, lon);
        corners.east = Math.max(corners.east, lon);
        corners.south = Math.min(corners.south, lat);
        corners.north = Math.max(corners.north, lat);
      }
    }
  }
  return corners;
}

function outline(geometry) {
  return rings(geometry).map((ring) => `${line(ring)}Z`).join("");
}

function line(positions) {
  const kept = [];
  positions.forEach((position, index) => {
    const [x, y] = project(position);
    const last = kept.at(-1);
    const isEnd = index === positions.length - 1;
    if (!last || isEnd || NEAR < Math.hypot(x - last[0], y - last[1])) kept.push([x, y]);
  });
  return `M${kept.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
}

export function emptyMap(message) {
  byId("map").replaceChildren(html("p", { class: "empty" }, message));
}
