// The route as proof: its legs with length, speed, time, and where each speed comes from.

import type { LegProperties, RouteAnswer, VillageAccess } from "../api.ts";
import type { Card } from "../store.ts";
import { cost, number, word, wordOfCode } from "../words.ts";

export function RouteLegs({ card, access }: { card: Card; access: VillageAccess }) {
  if (card.isLoading && !card.route) return <p class="quiet">{word("card.loading")}</p>;
  if (!card.route || card.route.features.length === 0) return access.nearest ? <p class="quiet">{word("card.no_route")}</p> : null;
  return <Legs route={card.route} />;
}

// Neighbouring legs of the same kind at the same speed are one line of the table; the sums stay the same.
export function joined(route: RouteAnswer): LegProperties[] {
  const lines: LegProperties[] = [];
  for (const { properties } of route.features) {
    const last = lines.at(-1);
    const isSame = last && (["leg", "class", "surface", "speed_kmh", "speed_source"] as const).every((key) => last[key] === properties[key]);
    if (isSame) {
      last.length_m += properties.length_m;
      last.time_s += properties.time_s;
    } else {
      lines.push({ ...properties });
    }
  }
  return lines;
}

function Legs({ route }: { route: RouteAnswer }) {
  const lines = joined(route);
  const sources = [...new Set(lines.map((leg) => leg.speed_source))];
  const sum = (key: "length_m" | "time_s") => lines.reduce((total, leg) => total + leg[key], 0);
  return (
    <details class="legs" open>
      <summary>
        <h3>{word("card.route")}</h3>
        <span class="quiet">{word("card.route_of", { n: number(lines.length) })}</span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{word("leg.what")}</th>
            <th scope="col">{word("leg.length")}</th>
            <th scope="col">{word("unit.kmh")}</th>
            <th scope="col">{word("leg.time")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((leg, index) => (
            <tr key={index} class={`leg ${leg.leg}`}>
              <th scope="row">{legName(leg)}</th>
              <td>{cost(leg.length_m, "distance")}</td>
              <td>
                {number(leg.speed_kmh)}
                {" "}
                <small>[{sources.indexOf(leg.speed_source) + 1}]</small>
              </td>
              <td>{cost(leg.time_s, "time")}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{word("total")}</th>
            <td>{cost(sum("length_m"), "distance")}</td>
            <td />
            <td>{cost(sum("time_s"), "time")}</td>
          </tr>
        </tfoot>
      </table>
      <p class="quiet sources-title">{word("leg.sources")}</p>
      <ol class="sources">
        {sources.map((source) => (
          <li key={source}>{source === "assumed" ? word("leg.assumed") : source}</li>
        ))}
      </ol>
    </details>
  );
}

// `jalan setapak, tanah`
function legName(leg: LegProperties): string {
  if (leg.leg !== "road" || !leg.class) return wordOfCode("leg", leg.leg);
  const surface = leg.surface ? `, ${wordOfCode("surface", leg.surface)}` : "";
  return `${wordOfCode("class", leg.class)}${surface}`;
}
