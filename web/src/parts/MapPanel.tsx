// The map with its buttons; where it cannot be drawn, the server's picture and a message.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api.ts";
import type { Look } from "../ask.ts";
import { dropFirstPicture, showFirstPicture } from "../first-picture.ts";
import { type Hovered, VillageMap, boxOf } from "../map/VillageMap.ts";
import { loadLibrary } from "../map/library.ts";
import { isDirection, neighbour } from "../map/neighbours.ts";
import { shownRows } from "../ranked.ts";
import { announce, arrange, choose, close, planner, point, shownQuery, usePlanner } from "../store.ts";
import { language, word } from "../words.ts";
import { DataLine } from "./DataLine.tsx";
import { MapButton } from "./MapButton.tsx";
import { MapTip } from "./MapTip.tsx";
import { pictureAddress } from "./PictureDialog.tsx";
import { Segments } from "./Choice.tsx";

// Longer than this nobody is left without an answer.
const PATIENCE_MS = 10_000;

type Failure = "library" | "webgl" | "tiles" | "slow";

export function MapPanel() {
  const { answer, ask, card, pointed } = usePlanner();
  const first = useRef<HTMLDivElement>(null);
  const container = useRef<HTMLDivElement>(null);
  const map = useRef<VillageMap | null>(null);
  const [isMade, setMade] = useState(false);
  const [isDrawn, setDrawn] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [paper, setPaper] = useState<string | null>(null);
  const look = ask.look ?? preferredLook();
  const query = shownQuery().toString();
  const isEmpty = answer !== null && answer.bbox === null;

  // Makes the map once the first screen stands.
  useEffect(() => {
    if (isEmpty) return;
    let isGone = false;
    setFailure(null);
    showFirstPicture(first.current!);
    const watchdog = setTimeout(() => setFailure((known) => known ?? "slow"), PATIENCE_MS);
    void make(container.current!, {
      onHover: setHovered,
      onChoose: (code) => choose(code),
      onMoved: (place) => arrange({ place }),
      onIdle: () => {
        clearTimeout(watchdog);
        // Late is better than never.
        setFailure(null);
        setDrawn(true);
        dropFirstPicture();
      },
      onBroken: () => setFailure("tiles"),
    }).then(
      (made) => {
        if (isGone) return made.remove();
        map.current = made;
        setMade(true);
      },
      (cause: Failure) => {
        clearTimeout(watchdog);
        setFailure(cause);
      },
    );
    return () => {
      isGone = true;
      clearTimeout(watchdog);
      map.current?.remove();
      map.current = null;
      setMade(false);
      setDrawn(false);
    };
  }, [attempt, isEmpty]);

  useEffect(() => {
    if (!isMade) return;
    let isOld = false;
    api.style(look, new URLSearchParams(query)).then(
      (style) => !isOld && map.current?.show(style),
      () => !isOld && setFailure((known) => (isDrawn ? known : "tiles")),
    );
    return () => {
      isOld = true;
    };
  }, [isMade, look, query]);

  useEffect(() => map.current?.select(card?.code ?? null), [isMade, card?.code]);
  useEffect(() => map.current?.point(pointed), [isMade, pointed]);
  useEffect(() => {
    map.current?.drawRoutes(card?.route ?? null, card?.second ?? null);
    const box = boxOf(card?.route?.features.flatMap((leg) => leg.geometry.coordinates) ?? []);
    if (box) map.current?.include(box, coveredPx(container.current));
  }, [isMade, card?.route, card?.second]);
  useEffect(() => {
    if (!ask.kecamatan || !answer || card) return;
    map.current?.includeVillages(answer.rows.filter((row) => row.kecamatan_code === ask.kecamatan).map((row) => row.code));
  }, [ask.kecamatan]);
  useEffect(() => {
    const { place } = ask;
    if (!place || !map.current) return;
    const now = map.current.place();
    const isThere = Math.abs(now.zoom - place.zoom) < 0.01 && Math.abs(now.lat - place.lat) < 1e-3 && Math.abs(now.lon - place.lon) < 1e-3;
    if (!isThere) map.current.moveTo(place);
  }, [isMade, ask.place]);

  // Paper cannot draw WebGL.
  useEffect(() => {
    const before = () => setPaper(map.current?.picture() ?? null);
    const after = () => setPaper(null);
    addEventListener("beforeprint", before);
    addEventListener("afterprint", after);
    return () => {
      removeEventListener("beforeprint", before);
      removeEventListener("afterprint", after);
    };
  }, []);

  if (!answer) return null;
  return (
    <section class="map" aria-labelledby="map-title">
      <h2 id="map-title" class="hidden">
        {word("map.title")}
      </h2>
      <div class="map-frame" data-state={failure ? "failed" : isDrawn ? "drawn" : "loading"}>
        <div class="map-first" ref={first} aria-hidden="true" />
        <div id="map" ref={container} onKeyDown={(event) => onKey(event, map.current)} />
        {!isDrawn && !failure && !isEmpty && <p class="map-loading">{word("loading")}</p>}
        {isEmpty && <p class="map-loading">{word("problem.none")}</p>}
        {failure && (
          <div class="map-failed">
            <p role="alert">
              {word("map.failed", { cause: word(`map.cause.${failure}`) })}{" "}
              <button type="button" class="link" onClick={() => setAttempt(attempt + 1)}>
                {word("map.retry")}
              </button>
            </p>
            <img src={pictureAddress("svg", { width: 1600, height: 900 })} alt={answer.sentences[language][0] ?? ""} />
          </div>
        )}
        {paper && <img class="paper" src={paper} alt="" />}
        {!failure && !isEmpty && (
          <div class="map-buttons" role="group" aria-label={word("map.title")}>
            <MapButton label={word("map.zoom_in")} drawing="M8 3v10M3 8h10" onClick={() => map.current?.zoomBy(1)} />
            <MapButton label={word("map.zoom_out")} drawing="M3 8h10" onClick={() => map.current?.zoomBy(-1)} />
            <MapButton
              label={word("map.whole")}
              drawing="M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3"
              onClick={() => answer.bbox && map.current?.fit(answer.bbox)}
            />
          </div>
        )}
        {hovered && <MapTip hovered={hovered} answer={answer} />}
      </div>
      <div class="map-foot">
        <DataLine answer={answer} />
        <Segments
          name="look"
          label={word("map.look")}
          value={look}
          options={[
            { value: "day", label: word("map.look.day") },
            { value: "contrast", label: word("map.look.contrast") },
          ]}
          onPick={(chosen) => arrange({ look: chosen as Look })}
        />
      </div>
    </section>
  );
}

export function preferredLook(): Look {
  return matchMedia("(prefers-contrast: more)").matches ? "contrast" : "day";
}

async function make(container: HTMLElement, events: ConstructorParameters<typeof VillageMap>[2]["events"]): Promise<VillageMap> {
  const library = await loadLibrary().catch(() => Promise.reject<never>("library" satisfies Failure));
  const { answer, ask } = planner();
  try {
    return new VillageMap(library, container, { label: word("map.label"), bbox: answer?.bbox ?? null, place: ask.place, events });
  } catch {
    throw "webgl" satisfies Failure;
  }
}

// Arrow keys move from village to village, Enter opens, Escape closes, plus and minus zoom.
function onKey(event: KeyboardEvent, map: VillageMap | null): void {
  const { answer, ask, pointed } = planner();
  if (!map || !answer || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = shownRows(answer, ask);
  const here = pointed ?? ask.selected;
  if (isDirection(event.key)) {
    const first = rows[0]?.code;
    if (here === null) {
      if (first) point(first);
    } else {
      const next = neighbour(map.villagePoints(), here, event.key) ?? nextInOrder(rows.map((row) => row.code), here, event.key, map);
      if (next) point(next);
      else announce(word("map.no_neighbour"));
    }
  } else if ((event.key === "Enter" || event.key === " ") && here) {
    choose(here);
  } else if (event.key === "+" || event.key === "=") {
    map.zoomBy(1);
  } else if (event.key === "-") {
    map.zoomBy(-1);
  } else if (event.key === "Escape") {
    close();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

// A village whose place is not known yet is left along the ranking.
function nextInOrder(codes: string[], here: string, key: string, map: VillageMap): string | null {
  if (map.villagePoints().has(here)) return null;
  const step = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
  return codes[codes.indexOf(here) + step] ?? null;
}

// How much of the map's foot the card covers, on a narrow screen.
function coveredPx(container: HTMLElement | null): number {
  const card = document.getElementById("card")?.getBoundingClientRect();
  const map = container?.getBoundingClientRect();
  if (!card || !map || card.left > map.left + 1) return 0;
  return Math.max(0, Math.min(map.bottom, innerHeight) - card.top);
}
