// Faults on the planner's map: all of them as symbols, and one that is marked.

import type { FeatureCollection, Point } from "geojson";

import type { VillageMap } from "../map/VillageMap.ts";
import { KINDS, picture } from "./symbols.ts";

const SOURCE = "faults";
// Close enough to see a gap of metres.
const CLOSE_ZOOM = 17;

type Holder = HTMLElement & { villageMap?: VillageMap };

let drawn: FeatureCollection<Point> | null = null;
let mark: { remove: () => void } | null = null;
const listening = new WeakSet<object>();

// The map of the page; none where it cannot be drawn.
export function villageMap(): VillageMap | null {
  const holder = document.getElementById("map") as Holder | null;
  const isThere = holder?.closest("[data-state=failed]") === null && holder.querySelector("canvas") !== null;
  return isThere ? (holder?.villageMap ?? null) : null;
}

export function isDrawn(): boolean {
  return drawn !== null;
}

// Draws these faults, or none; a style that comes later gets them too.
export function draw(faults: FeatureCollection<Point> | null): void {
  const page = villageMap();
  drawn = faults;
  if (!page) return;
  const { map } = page;
  if (!listening.has(map)) {
    listening.add(map);
    map.on("styledata", () => put(page));
  }
  put(page);
}

function put({ map }: VillageMap): void {
  if (!drawn) {
    if (map.getLayer(SOURCE)) map.removeLayer(SOURCE);
    if (map.getSource(SOURCE)) map.removeSource(SOURCE);
    return;
  }
  for (const kind of KINDS) {
    if (!map.hasImage(`fault-${kind}`)) map.addImage(`fault-${kind}`, picture(kind), { pixelRatio: 2.4 });
  }
  if (!map.getSource(SOURCE)) map.addSource(SOURCE, { type: "geojson", data: drawn });
  if (map.getLayer(SOURCE)) return;
  map.addLayer({
    id: SOURCE,
    type: "symbol",
    source: SOURCE,
    layout: {
      "icon-image": ["concat", "fault-", ["get", "kind"]],
      "icon-allow-overlap": true,
      // What changes the most people lies on top.
      "symbol-sort-key": ["coalesce", ["get", "people"], 0],
    },
  });
}

// Moves to a fault and rings it, until the ring is pressed or another fault is marked.
export function show([lon, lat]: [number, number], label: string): boolean {
  const page = villageMap();
  if (!page) return false;
  mark?.remove();
  page.moveTo({ zoom: CLOSE_ZOOM, lat, lon });
  const ring = document.createElement("button");
  ring.type = "button";
  ring.className = "fault-ring";
  ring.title = label;
  ring.setAttribute("aria-label", label);
  ring.addEventListener("click", () => mark?.remove());
  mark = new page.library.Marker({ element: ring }).setLngLat([lon, lat]).addTo(page.map);
  return true;
}
