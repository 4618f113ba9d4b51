// What the page draws over the server's style: the selected village, the pointer of the arrow keys, the routes.

import type { LayerSpecification, StyleSpecification } from "@maplibre/maplibre-gl-style-spec";
import type { FeatureCollection } from "geojson";

export const VILLAGES_SOURCE = "access";
export const VILLAGES_LAYER = "access";
export const LABELS_LAYER = "access-labels";
const STYLE_LABELS = "village-labels";
export const ROUTE = "route";
export const RUNNER_UP = "route-second";
export const SELECTED = ["selected-casing", "selected-line"];
export const POINTED = ["pointed-line"];

const BLUE = "#0b3d91";
const PALE_BLUE = "#4a68a8";
const WHITE = "#ffffff";
const INK = "#14110d";

export const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

// Of no village.
export const NO_CODE = "";

const isOfVillage = (code: string) => ["==", ["get", "code"], code] as const;
const isWalk = ["in", ["get", "leg"], ["literal", ["off_road", "straight"]]];
const round = { "line-cap": "round", "line-join": "round" } as const;

function outline(id: string, paint: object): LayerSpecification {
  return {
    id,
    type: "line",
    source: VILLAGES_SOURCE,
    "source-layer": VILLAGES_LAYER,
    filter: isOfVillage(NO_CODE),
    layout: { "line-join": "round" },
    paint,
  } as unknown as LayerSpecification;
}

const LAYERS = [
  outline("pointed-line", { "line-color": INK, "line-width": 2.5, "line-dasharray": [2, 1.5] }),
  outline("selected-casing", { "line-color": WHITE, "line-width": 6 }),
  outline("selected-line", { "line-color": INK, "line-width": 3 }),
  { id: "second-casing", type: "line", source: RUNNER_UP, layout: round, paint: { "line-color": WHITE, "line-width": 4 } },
  { id: "second-line", type: "line", source: RUNNER_UP, layout: round, paint: { "line-color": PALE_BLUE, "line-width": 2 } },
  { id: "route-casing", type: "line", source: ROUTE, layout: round, paint: { "line-color": WHITE, "line-width": 8 } },
  { id: "route-road", type: "line", source: ROUTE, filter: ["!", isWalk], layout: round, paint: { "line-color": BLUE, "line-width": 4.5 } },
  {
    id: "route-walk",
    type: "line",
    source: ROUTE,
    filter: isWalk,
    layout: round,
    paint: { "line-color": BLUE, "line-width": 4.5, "line-dasharray": [0, 2] },
  },
] as unknown as LayerSpecification[];

// The style with our sources and layers, below its labels.
export function withOverlay(style: StyleSpecification): StyleSpecification {
  const empty = { type: "geojson", data: NOTHING } as const;
  const at = style.layers.findIndex((layer) => layer.id === STYLE_LABELS);
  const n_below = at < 0 ? style.layers.length : at;
  return {
    ...style,
    sources: { ...style.sources, [ROUTE]: empty, [RUNNER_UP]: empty },
    layers: [...style.layers.slice(0, n_below), ...LAYERS, ...style.layers.slice(n_below)],
  };
}

export function villageFilter(code: string | null): LayerSpecification {
  return isOfVillage(code ?? NO_CODE) as unknown as LayerSpecification;
}
