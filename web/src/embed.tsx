// The embedded map: what the server has drawn stays, and the map of the library takes the place of its picture.
// Nothing is stored, since in a frame of somebody else's page even asking may throw.

import { render } from "preact";

import { type AccessAnswer, access, style } from "./api.ts";
import { type MapPlace, readAsk, writePlace } from "./ask.ts";
import { type Hovered, VillageMap } from "./map/VillageMap.ts";
import { loadLibrary } from "./map/library.ts";
import { MapButton } from "./parts/MapButton.tsx";
import { MapTip } from "./parts/MapTip.tsx";
import { HatchPatterns } from "./parts/Swatch.tsx";
import { word } from "./words.ts";

// Longer than this nobody is left without an answer.
const PATIENCE_MS = 10_000;
// A frame this narrow has no room for a caption.
const PHONE = "(width <= 30rem)";

type Failure = "library" | "webgl" | "tiles" | "slow";

const LOCALE = {
  "CooperativeGesturesHandler.WindowsHelpText": word("embed.hint.wheel"),
  "CooperativeGesturesHandler.MacHelpText": word("embed.hint.wheel_mac"),
  "CooperativeGesturesHandler.MobileHelpText": word("embed.hint.touch"),
};

// The parameters of this page that name its numbers.
function shownQuery({ rule }: AccessAnswer): URLSearchParams {
  const asked = new URLSearchParams(location.search);
  const query = new URLSearchParams({ service: rule.service, mode: rule.mode, season: rule.season, metric: rule.metric });
  if (rule.tier.length > 0) query.set("tier", rule.tier.join(","));
  for (const name of ["classes", "n"]) {
    const value = asked.get(name);
    if (value !== null) query.set(name, value);
  }
  return query;
}

// The answer that the page's own address asks for.
function ask(): Promise<AccessAnswer> {
  const asked = new URLSearchParams(location.search);
  for (const name of [...asked.keys()]) {
    if (!["service", "mode", "season", "metric", "tier", "classes", "n"].includes(name)) asked.delete(name);
  }
  return access(asked);
}

// An element laid over or below the picture.
function added(to: HTMLElement, name: string, className: string): HTMLElement {
  const element = document.createElement(name);
  element.className = className;
  to.append(element);
  return element;
}

// What differs between the picture and the map over it.
class Frame {
  private readonly message: HTMLElement;

  constructor(private readonly picture: HTMLElement) {
    this.message = added(picture, "p", "picture-failed");
    this.message.setAttribute("role", "alert");
    this.message.hidden = true;
  }

  fail(cause: Failure): void {
    if (this.picture.dataset["state"] === "drawn") return;
    this.picture.dataset["state"] = "failed";
    this.message.textContent = word("map.failed", { cause: word(`map.cause.${cause}`) });
    this.message.hidden = false;
  }

  // Late is better than never.
  draw(): void {
    this.picture.dataset["state"] = "drawn";
    this.message.hidden = true;
  }
}

// The full-screen link shows the same place.
function carry(place: MapPlace): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a.full-screen")) link.hash = `m=${writePlace(place)}`;
}

async function drawMap(picture: HTMLElement): Promise<void> {
  const frame = new Frame(picture);
  const watchdog = setTimeout(() => frame.fail("slow"), PATIENCE_MS);
  const give_up = (cause: Failure) => {
    clearTimeout(watchdog);
    frame.fail(cause);
  };
  const [library, answer] = await Promise.all([
    loadLibrary().catch(() => null),
    ask().catch(() => null),
  ]);
  if (library === null) return give_up("library");
  if (answer === null || answer.bbox === null) return give_up("tiles");

  const container = added(picture, "div", "");
  container.id = "map";
  const overlay = added(picture, "div", "");
  let map: VillageMap | null = null;
  const over = (hovered: Hovered | null) =>
    render(
      <>
        <HatchPatterns />
        <div class="map-buttons" role="group" aria-label={word("map.title")}>
          <MapButton label={word("map.zoom_in")} drawing="M8 3v10M3 8h10" onClick={() => map?.zoomBy(1)} />
          <MapButton label={word("map.zoom_out")} drawing="M3 8h10" onClick={() => map?.zoomBy(-1)} />
          <MapButton
            label={word("map.whole")}
            drawing="M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3"
            onClick={() => answer.bbox && map?.fit(answer.bbox)}
          />
        </div>
        {hovered && <MapTip hovered={hovered} answer={answer} />}
      </>,
      overlay,
    );
  try {
    map = new VillageMap(library, container, {
      label: word("embed.map"),
      bbox: answer.bbox,
      place: readAsk(location.hash).place,
      isCooperative: true,
      locale: LOCALE,
      events: {
        onHover: over,
        // A tap shows what a pointer would.
        onChoose: () => {},
        onMoved: carry,
        onIdle: () => {
          clearTimeout(watchdog);
          frame.draw();
        },
        onBroken: () => give_up("tiles"),
      },
    });
  } catch {
    container.remove();
    return give_up("webgl");
  }
  over(null);
  // Gestures are the pointer's; the table is for the keyboard.
  const canvas = container.querySelector("canvas");
  canvas?.setAttribute("role", "img");
  canvas?.setAttribute("tabindex", "-1");
  try {
    map.show(await style("day", shownQuery(answer)));
  } catch {
    give_up("tiles");
  }
}

function foldOnPhones(): void {
  const narrow = matchMedia(PHONE);
  const fold = () => {
    for (const caption of document.querySelectorAll<HTMLDetailsElement>("details.caption")) caption.open = !narrow.matches;
  };
  narrow.addEventListener("change", fold);
  fold();
}

foldOnPhones();
const picture = document.querySelector<HTMLElement>("#app .picture");
if (picture) await drawMap(picture);
