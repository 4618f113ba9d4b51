// The faults of the data as a table, the most people first; each leads to its place on the map.

import type { Feature, FeatureCollection, Point } from "geojson";
import { useEffect, useState } from "preact/hooks";

import { draw, isDrawn, show, villageMap } from "./onMap.ts";
import { type FaultKind, KINDS, SHAPES } from "./symbols.ts";
import type { Say } from "./words.ts";

// More rows than anybody reads; the files hold all.
const MOST_ROWS = 200;
// As many as the server gives at once.
const MOST_DRAWN = 10_000;

interface FaultProperties {
  kind: FaultKind;
  people: number | null;
  village: string | null;
  kecamatan: string | null;
  gap_m?: number | null;
  text: Record<"id" | "en", string>;
  mend: Record<"id" | "en", string>;
}

type Fault = Feature<Point, FaultProperties>;

interface Faults extends FeatureCollection<Point, FaultProperties> {
  features: Fault[];
  numberMatched?: number;
  list: { stale: boolean };
}

export interface Page {
  language: "id" | "en";
  announce: (text: string) => void;
  close: () => void;
}

export function FaultList({ page, say }: { page: Page; say: Say }) {
  const [kind, setKind] = useState<FaultKind | "">("");
  const [faults, setFaults] = useState<Faults | "missing" | "failed" | null>(null);
  const [isShown, setShown] = useState(isDrawn());
  useEffect(() => {
    let isOld = false;
    setFaults(null);
    void ask(kind, MOST_ROWS).then((found) => !isOld && setFaults(found));
    return () => {
      isOld = true;
    };
  }, [kind]);

  const hasMap = villageMap() !== null;
  const toggle = async (isWanted: boolean) => {
    setShown(isWanted);
    const all = isWanted ? await ask(kind, MOST_DRAWN) : null;
    if (typeof all === "string") return setShown(false);
    draw(all);
    page.announce(all ? say("drawn", { n: whole(all.features.length, page) }) : say("undrawn"));
  };
  const pick = (chosen: FaultKind | "") => {
    setKind(chosen);
    if (isShown) void ask(chosen, MOST_DRAWN).then((all) => typeof all !== "string" && (draw(null), draw(all)));
  };
  const file = (form: string) => `/data-quality?f=${form}&limit=${MOST_DRAWN}&lang=${page.language}${kind && `&kind=${kind}`}`;

  return (
    <div class="faults">
      <h3 id="faults-title">{say("title")}</h3>
      <div class="fault-tools">
        <label>
          <span>{say("filter")}</span>{" "}
          <select value={kind} onChange={(event) => pick(event.currentTarget.value as FaultKind | "")}>
            <option value="">{say("all")}</option>
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {say(each)}
              </option>
            ))}
          </select>
        </label>
        {hasMap ? (
          <label>
            <input type="checkbox" checked={isShown} onChange={(event) => void toggle(event.currentTarget.checked)} /> {say("show")}
          </label>
        ) : (
          <span>{say("noMap")}</span>
        )}
        <span>
          {say("files")} <a href={file("csv")}>CSV</a> <a href={file("geojson")}>GeoJSON</a>
        </span>
      </div>
      {faults === null ? <p role="status">…</p> : typeof faults === "string" ? <p role="alert">{say(faults)}</p> : <Table faults={faults} page={page} say={say} />}
    </div>
  );
}

function Table({ faults, page, say }: { faults: Faults; page: Page; say: Say }) {
  const n = faults.numberMatched ?? faults.features.length;
  if (faults.features.length === 0) return <p>{say("none")}</p>;
  const hasMap = villageMap() !== null;
  return (
    <>
      <p>{say("lead", { n: whole(n, page) })}</p>
      {faults.list.stale && <p role="note">{say("stale")}</p>}
      <div class="fault-scroll" tabIndex={0} role="region" aria-labelledby="faults-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{say("kind")}</th>
              <th scope="col">{say("place")}</th>
              <th scope="col" class="figure">
                {say("people")}
              </th>
              <th scope="col" class="figure">
                {say("gap")}
              </th>
              <th scope="col">{say("mend")}</th>
            </tr>
          </thead>
          <tbody>
            {faults.features.map((fault) => (
              <Row key={fault.id} fault={fault} page={page} say={say} hasMap={hasMap} />
            ))}
          </tbody>
        </table>
      </div>
      {faults.features.length < n && <p>{say("more", { shown: whole(faults.features.length, page), n: whole(n, page) })}</p>}
    </>
  );
}

function Row({ fault, page, say, hasMap }: { fault: Fault; page: Page; say: Say; hasMap: boolean }) {
  const { kind, people, gap_m: gap, text, mend } = fault.properties;
  const place = placeOf(fault, say);
  const onMap = () => {
    page.close();
    show(fault.geometry.coordinates as [number, number], `${text[page.language]} ${say("unmark")}`);
    page.announce(say("shown", { kind: say(kind), place }));
  };
  return (
    <tr>
      <th scope="row">
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d={SHAPES[kind]} />
        </svg>
        {say(kind)}
      </th>
      <td>
        {place}
        {hasMap && (
          <button type="button" class="link" aria-label={say("on_map", { kind: say(kind), place })} onClick={onMap}>
            {say("zoom")}
          </button>
        )}
      </td>
      <td class="figure" data-label={say("people")}>{people === null ? say("unknown") : whole(people, page)}</td>
      <td class="figure" data-label={say("gap")}>{typeof gap === "number" ? length(gap, page) : "–"}</td>
      <td>
        <details>
          <summary>{text[page.language]}</summary>
          {mend[page.language]}
        </details>
      </td>
    </tr>
  );
}

function placeOf({ properties: { village, kecamatan } }: Fault, say: Say): string {
  if (!village) return say("nowhere");
  return kecamatan ? `${village}, ${kecamatan}` : village;
}

async function ask(kind: string, limit: number): Promise<Faults | "missing" | "failed"> {
  try {
    const response = await fetch(`/data-quality?limit=${limit}${kind && `&kind=${kind}`}`);
    if (response.ok) return (await response.json()) as Faults;
    return response.status === 404 ? "missing" : "failed";
  } catch {
    return "failed";
  }
}

const locale = ({ language }: Page) => (language === "id" ? "id-ID" : "en-GB");

function whole(value: number, page: Page): string {
  return new Intl.NumberFormat(locale(page), { maximumFractionDigits: 0 }).format(value);
}

// Gaps of centimetres are told to a tenth of a metre.
function length(metres: number, page: Page): string {
  const [value, unit, digits] = metres < 1000 ? [metres, "m", metres < 100 ? 1 : 0] : [metres / 1000, "km", 1];
  return `${new Intl.NumberFormat(locale(page), { maximumFractionDigits: digits }).format(value)} ${unit}`;
}
