// The MapLibre map of villages: what it shows and what it tells back.

import type { StyleSpecification } from "@maplibre/maplibre-gl-style-spec";
import type { GeoJSONSource, LngLatBoundsLike, Map as MapLibreMap, MapGeoJSONFeature, Marker, MarkerOptions } from "maplibre-gl";

import type { RouteAnswer } from "../api.ts";
import type { MapPlace } from "../ask.ts";
import type { Library } from "./library.ts";
import type { LonLat } from "./neighbours.ts";
import { LABELS_LAYER, NOTHING, POINTED, ROUTE, RUNNER_UP, SELECTED, VILLAGES_LAYER, VILLAGES_SOURCE, villageFilter, withOverlay } from "./overlay.ts";

export type BBox = [west: number, south: number, east: number, north: number];

// What lies under the pointer.
export interface Hovered {
  code: string | null;
  settlement: { name: string | null; people: number | null; value: { time_s: number | null; length_m: number | null } } | null;
  facility: { name: string | null; tier: string | null; status: string | null } | null;
  x: number;
  y: number;
}

export interface MapEvents {
  onHover: (hovered: Hovered | null) => void;
  onChoose: (code: string) => void;
  onMoved: (place: MapPlace) => void;
  // Everything in view is drawn.
  onIdle: () => void;
  onBroken: () => void;
}

export interface MapOptions {
  label: string;
  bbox: BBox | null;
  place: MapPlace | null;
  events: MapEvents;
  // Without gestures that would catch a page's scrolling.
  isCooperative?: boolean;
  locale?: Record<string, string>;
}

const PADDING_PX = 24;
// What lies over the top of a narrow map: the search box.
const NARROW_PX = 900;
const SEARCH_PX = 60;
// Names at the ends of a route need room.
const ROUTE_PADDING_PX = { top: 70, bottom: 50 };
const MOST_ROUTE_SIDE_PX = 115;
// Closer than this, a village has lost its surroundings.
const CLOSEST_FIT = 13;

export class VillageMap {
  // Open to what draws over it and is fetched later.
  readonly map: MapLibreMap;
  readonly library: Library;
  private readonly points = new Map<string, LonLat>();
  private readonly markers: Marker[] = [];
  private routes: { nearest: RouteAnswer | null; second: RouteAnswer | null } = { nearest: null, second: null };
  private selected: string | null = null;
  private pointed: string | null = null;
  // Moves of our own are not a person's.
  private isPlaced = false;
  // The box that is in view as a whole, until a person moves the map.
  private whole: BBox | null;
  // Something of the villages has not come.
  private isShort = false;
  private readonly isEmbedded: boolean;
  // A village that has been chosen and is to be in view.
  private wanted: string | null = null;

  // Throws where there is no WebGL.
  constructor(library: Library, container: HTMLElement, { label, bbox, place, events, isCooperative = false, locale = {} }: MapOptions) {
    this.library = library;
    this.isEmbedded = isCooperative;
    this.whole = place ? null : bbox;
    this.map = new library.Map({
      container,
      style: { version: 8, sources: {}, layers: [] },
      ...(place ? { center: [place.lon, place.lat], zoom: place.zoom } : bbox ? { bounds: bbox, fitBoundsOptions: { padding: paddingOf(container, isCooperative) } } : {}),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      minZoom: 3,
      maxZoom: 18,
      keyboard: false,
      cooperativeGestures: isCooperative,
      locale: { "Map.Title": label, ...locale },
      // From where the page itself is from, whatever name a server behind a proxy takes itself to have.
      transformRequest: (url) => ({ url: ownAddress(url) }),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new library.ScaleControl({ maxWidth: 110 }), "bottom-left");
    const canvas = this.map.getCanvas();
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", label);
    // The list of faults and what drives the page in a test find the map here.
    Object.assign(container, { villageMap: this });
    this.listen(container, events);
  }

  private listen(container: HTMLElement, { onHover, onChoose, onMoved, onIdle, onBroken }: MapEvents): void {
    this.map.on("mousemove", ({ point }) => {
      const hovered = this.at(point.x, point.y);
      this.map.getCanvas().style.cursor = hovered?.code ? "pointer" : "";
      onHover(hovered);
    });
    this.map.on("mouseout", () => onHover(null));
    this.map.on("click", ({ point }) => {
      const code = this.at(point.x, point.y)?.code;
      if (code) onChoose(code);
    });
    // A person's hand, or our own move to somewhere else, ends the view of the whole.
    for (const start of ["dragstart", "zoomstart"] as const) {
      this.map.on(start, (event) => {
        if (event.originalEvent) this.whole = null;
      });
    }
    this.map.on("resize", () => {
      const isRoomy = container.clientWidth > 4 * PADDING_PX && container.clientHeight > 4 * PADDING_PX;
      // A chosen village or its route comes into view by itself.
      if (this.whole && this.selected === null && isRoomy) this.map.fitBounds(this.whole as LngLatBoundsLike, { padding: paddingOf(container, this.isEmbedded), animate: false });
    });
    this.map.on("moveend", () => {
      if (!this.isPlaced || this.whole) return;
      const { lng, lat } = this.map.getCenter();
      onMoved({ zoom: this.map.getZoom(), lat, lon: lng });
    });
    this.map.on("idle", () => {
      if (!this.map.getSource(VILLAGES_SOURCE)) return;
      if (this.isShort && this.map.querySourceFeatures(VILLAGES_SOURCE, { sourceLayer: VILLAGES_LAYER }).length === 0) return onBroken();
      this.isPlaced = true;
      this.collectPoints();
      this.reveal();
      onIdle();
    });
    this.map.on("error", (event) => {
      // A tile or a glyph less is no reason to give up; without any village there is no map.
      const { sourceId, tile } = event as { sourceId?: string; tile?: unknown };
      if (sourceId !== VILLAGES_SOURCE) return;
      this.isShort = true;
      if (!tile) onBroken();
    });
  }

  private layersThere(ids: string[]): string[] {
    return ids.filter((id) => this.map.getLayer(id));
  }

  private at(x: number, y: number): Hovered | null {
    const layers = this.layersThere(["facilities", "settlements", "villages-fill", "villages-hatch"]);
    if (layers.length === 0) return null;
    const found = this.map.queryRenderedFeatures([x, y], { layers });
    const of = (id: string): MapGeoJSONFeature | undefined => found.find((feature) => feature.layer.id === id);
    const village = of("villages-fill") ?? of("villages-hatch");
    const settlement = of("settlements");
    const facility = of("facilities");
    if (!village && !settlement && !facility) return null;
    const text = (value: unknown) => (typeof value === "string" ? value : null);
    const figure = (value: unknown) => (typeof value === "number" ? value : null);
    return {
      code: text(village?.properties["code"]) ?? text(settlement?.properties["village"]),
      settlement: settlement
        ? {
            name: text(settlement.properties["name"]),
            people: figure(settlement.properties["people"]),
            value: { time_s: figure(settlement.properties["time_s"]), length_m: figure(settlement.properties["length_m"]) },
          }
        : null,
      facility: facility
        ? { name: text(facility.properties["name"]), tier: text(facility.properties["tier"]), status: text(facility.properties["status"]) }
        : null,
      x,
      y,
    };
  }

  private collectPoints(): void {
    for (const { properties, geometry } of this.map.querySourceFeatures(VILLAGES_SOURCE, { sourceLayer: LABELS_LAYER })) {
      const code: unknown = properties["code"];
      if (typeof code === "string" && geometry.type === "Point") this.points.set(code, geometry.coordinates as LonLat);
    }
  }

  // One point in each village that has been in view.
  villagePoints(): ReadonlyMap<string, LonLat> {
    return this.points;
  }

  // Takes over a style of the server.
  show(style: StyleSpecification): void {
    this.isShort = false;
    // The style's colours and patterns change with the indicator, its sources with the run.
    this.map.setStyle(withOverlay(style), { diff: true });
    void this.map.once("styledata", () => this.redraw());
  }

  private redraw(): void {
    this.filter(SELECTED, this.selected);
    this.filter(POINTED, this.pointed === this.selected ? null : this.pointed);
    this.map.getSource<GeoJSONSource>(ROUTE)?.setData(this.routes.nearest ?? NOTHING);
    this.map.getSource<GeoJSONSource>(RUNNER_UP)?.setData(this.routes.second ?? NOTHING);
  }

  private filter(layers: string[], code: string | null): void {
    for (const id of this.layersThere(layers)) this.map.setFilter(id, villageFilter(code) as never);
  }

  select(code: string | null): void {
    this.selected = code;
    this.wanted = code;
    this.redraw();
    this.reveal();
  }

  // Brings the chosen village into view, as soon as it is known where it lies.
  private reveal(): void {
    const place = this.wanted === null ? undefined : this.points.get(this.wanted);
    if (!place) return;
    this.wanted = null;
    if (this.map.getBounds().contains(place)) return;
    this.whole = null;
    this.map.panTo(place);
  }

  point(code: string | null): void {
    this.pointed = code;
    this.redraw();
    const place = code === null ? undefined : this.points.get(code);
    if (!place || this.map.getBounds().contains(place)) return;
    this.whole = null;
    this.map.panTo(place);
  }

  // Draws the route to the nearest facility, and thinner that to the runner-up, each with a name at its end.
  drawRoutes(nearest: RouteAnswer | null, second: RouteAnswer | null): void {
    this.routes = { nearest, second };
    this.redraw();
    for (const marker of this.markers.splice(0)) marker.remove();
    for (const [route, rank] of [
      [second, "second"],
      [nearest, "nearest"],
    ] as const) {
      const end = route?.features.at(-1)?.geometry.coordinates.at(-1);
      if (!end) continue;
      const element = document.createElement("div");
      element.className = `map-end ${rank}`;
      element.textContent = route?.facility?.name ?? route?.facility?.id ?? "";
      // One above its end, the other below, since both are often near each other.
      const side: MarkerOptions = rank === "nearest" ? { anchor: "bottom", offset: [0, -7] } : { anchor: "top", offset: [0, 7] };
      this.markers.push(new this.library.Marker({ element, ...side }).setLngLat(end as LonLat).addTo(this.map));
    }
  }

  // Moves only as far as needed to have the box in view, above what covers the map's foot.
  include(box: BBox, covered_px: number): void {
    const [west, south, east, north] = box;
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const [topLeft, bottomRight] = [this.map.project([west, north]), this.map.project([east, south])];
    const isInView = 0 <= topLeft.x && 0 <= topLeft.y && bottomRight.x <= width && bottomRight.y <= height - covered_px;
    const isTiny = bottomRight.x - topLeft.x < width / 3 && bottomRight.y - topLeft.y < height / 3;
    if (isInView && !isTiny) return;
    this.whole = null;
    const isRoomy = covered_px + ROUTE_PADDING_PX.top + ROUTE_PADDING_PX.bottom < height - 40;
    const side = Math.min(MOST_ROUTE_SIDE_PX, width / 5);
    const top = ROUTE_PADDING_PX.top + (width < NARROW_PX ? SEARCH_PX / 2 : 0);
    const bottom = ROUTE_PADDING_PX.bottom + (isRoomy ? covered_px : 0);
    const padding = { top, right: side, bottom, left: side };
    this.map.fitBounds(box as LngLatBoundsLike, { padding, maxZoom: CLOSEST_FIT });
  }

  // Brings villages into view, as far as it is known where they lie.
  includeVillages(codes: readonly string[]): void {
    const places = codes.flatMap((code): LonLat[] => {
      const place = this.points.get(code);
      return place ? [place] : [];
    });
    const box = boxOf(places);
    if (box) this.fit(box);
  }

  fit(box: BBox): void {
    this.whole = null;
    this.map.fitBounds(box as LngLatBoundsLike, { padding: paddingOf(this.map.getContainer(), this.isEmbedded), maxZoom: CLOSEST_FIT });
  }

  moveTo({ zoom, lat, lon }: MapPlace): void {
    this.whole = null;
    this.map.jumpTo({ center: [lon, lat], zoom });
  }

  place(): MapPlace {
    const { lng, lat } = this.map.getCenter();
    return { zoom: this.map.getZoom(), lat, lon: lng };
  }

  zoomBy(step: number): void {
    this.whole = null;
    this.map.zoomTo(this.map.getZoom() + step);
  }

  // The drawing as it is now, for paper.
  picture(): string {
    this.map.redraw();
    return this.map.getCanvas().toDataURL("image/png");
  }

  remove(): void {
    this.map.remove();
  }
}

function ownAddress(address: string): string {
  const { pathname, search } = new URL(address, location.href);
  return `${location.origin}${pathname}${search}`;
}

// Room around what is fitted; the search field of a narrow page lies over its map, an embedded map has none.
function paddingOf(container: HTMLElement, isEmbedded: boolean) {
  const side = PADDING_PX;
  return { top: container.clientWidth < NARROW_PX && !isEmbedded ? SEARCH_PX : side, right: side, bottom: side, left: side };
}

// The box around positions; none without any.
export function boxOf(positions: readonly (readonly number[])[]): BBox | null {
  if (positions.length === 0) return null;
  const lons = positions.map((position) => position[0] ?? 0);
  const lats = positions.map((position) => position[1] ?? 0);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
