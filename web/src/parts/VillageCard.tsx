// The card of a village: its value, the proof of it, its people, its data.

import { useEffect, useRef } from "preact/hooks";

import type { AccessAnswer, Row, VillageAccess } from "../api.ts";
import { classLabel, indicator, kecamatanName, lowerFirst, value, villageName } from "../spoken.ts";
import { type Card, close, isOpenedByHand, openDialog, usePlanner } from "../store.ts";
import { day, number, people, percent, word, wordOfCode } from "../words.ts";
import { Facilities } from "./Facilities.tsx";
import { PeopleBar } from "./PeopleBar.tsx";
import { RouteLegs } from "./RouteLegs.tsx";
import { Swatch, lookOf } from "./Swatch.tsx";

export function VillageCard() {
  const { answer, card } = usePlanner();
  const row = answer?.rows.find((each) => each.code === card?.code);
  return answer && card && row ? <OpenCard answer={answer} card={card} row={row} /> : null;
}

// The part of `card` that is about the indicator shown.
export function accessOf(card: Card, answer: AccessAnswer): VillageAccess | null {
  return card.village?.access.find((each) => each.rule.run_id === answer.rule.run_id) ?? null;
}

function OpenCard({ answer, card, row }: { answer: AccessAnswer; card: Card; row: Row }) {
  const title = useRef<HTMLHeadingElement>(null);
  const access = accessOf(card, answer);
  // A card that a link has opened leaves the focus where it is.
  useEffect(() => {
    if (isOpenedByHand()) title.current?.focus({ preventScroll: true });
  }, [card.code]);
  return (
    <aside id="card" class="card" aria-labelledby="card-title">
      <header>
        <div>
          <h2 id="card-title" tabIndex={-1} ref={title}>
            {villageName(row)}
          </h2>
          <p class="quiet">
            {kecamatanName(row.kecamatan)} · {row.code}
          </p>
        </div>
        <button type="button" class="close" aria-label={word("card.close")} onClick={close}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3 3l10 10M13 3L3 13" />
          </svg>
        </button>
      </header>
      <Value answer={answer} row={row} />
      {access ? (
        <>
          <Facilities access={access} />
          <RouteLegs card={card} access={access} />
          <PeopleBar answer={answer} access={access} village={card.village} />
          <Standards access={access} />
          <Seasons answer={answer} access={access} />
        </>
      ) : (
        card.isLoading && <p class="quiet">{word("card.loading")}</p>
      )}
      <Data answer={answer} access={access} />
      <p class="questions">
        <button type="button" class="link" onClick={() => openDialog("how")}>
          {word("card.how")}
        </button>
        <button type="button" class="link" onClick={() => openDialog("doubts")}>
          {word("card.doubts")}
        </button>
      </p>
    </aside>
  );
}

function Value({ answer, row }: { answer: AccessAnswer; row: Row }) {
  const { district, rule } = answer;
  return (
    <div class="card-value">
      <p class="quiet">{indicator(rule)}</p>
      <p class="number">
        <Swatch {...lookOf(row.class, answer)} />
        <strong>{value(row, rule.metric)}</strong>
        {row.value !== null && (
          <span>
            {row.state === "within" ? `${word("card.class", { letter: row.class })}: ` : ""}
            {classLabel(row, answer)}
          </span>
        )}
      </p>
      <p class="quiet">
        {word("card.rank", { rank: number(row.rank), n: number(answer.rows.length) })} ({word("card.rank_note")})
        {district && ` · ${word("card.district", { value: lowerFirst(value(district, rule.metric)) })}`}
      </p>
      {row.state !== "within" && <p class="state-means">{stateMeans(row, answer)}</p>}
    </div>
  );
}

function stateMeans(row: Row, { rule }: AccessAnswer): string {
  const key = `state_means.${row.state}` as const;
  return word(key, { cutoff: value({ value: rule.cutoff, state: "within" }, rule.metric), radius: value({ value: rule.snap_radius_m, state: "within" }, "distance") });
}

function Standards({ access }: { access: VillageAccess }) {
  if (access.standards.length === 0) return null;
  return (
    <section>
      <h3>{word("card.standards")}</h3>
      <ul class="plain">
        {access.standards.map(({ id, threshold, unit, people_within }) => (
          <li key={id}>
            <strong>
              ≤ {number(threshold)} {wordOfCode("unit", unit)}
            </strong>{" "}
            <span class="quiet">{wordOfCode("standard", id)}</span>
            <br />
            {word("card.standard_within", {
              people: people(people_within),
              share: access.people.total ? percent((people_within ?? 0) / access.people.total) : "–",
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}

// Who loses the threshold of the headline when the season changes; nothing where nobody does.
function Seasons({ answer, access }: { answer: AccessAnswer; access: VillageAccess }) {
  const change = access.season_change;
  if (!change) return null;
  const threshold = value({ value: change.threshold, state: "within" }, answer.rule.metric);
  const lost = (["lost_in_wet", "lost_in_dry"] as const).filter((key) => change[key] > 0);
  return (
    <>
      {lost.map((key) => (
        <p key={key} class="state-means">
          {word(`card.${key}`, { people: people(change[key]), threshold })}
        </p>
      ))}
    </>
  );
}

function Data({ answer, access }: { answer: AccessAnswer; access: VillageAccess | null }) {
  const share = access?.known_share;
  return (
    <section>
      <h3>{word("card.data")}</h3>
      <dl class="pairs">
        {answer.inputs.map(({ layer, version, made_at }) => (
          <div key={layer}>
            <dt>{wordOfCode("layer", layer)}</dt>
            <dd>
              {day(made_at)} · v{version}
            </dd>
          </div>
        ))}
        <div>
          <dt>{word("how.run")}</dt>
          <dd>
            <code>{answer.rule.run_id.slice(0, 8)}</code>
          </dd>
        </div>
      </dl>
      {share && <p class="quiet">{word("card.known", { surface: percent(share.surface), season: percent(share.season) })}</p>}
    </section>
  );
}
