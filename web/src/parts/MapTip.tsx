// Name, kecamatan, value and class of what lies under the pointer.

import type { AccessAnswer } from "../api.ts";
import type { Hovered } from "../map/VillageMap.ts";
import { kecamatanName, value, villageName } from "../spoken.ts";
import { cost, people, word } from "../words.ts";
import { Swatch, lookOf } from "./Swatch.tsx";

const OFFSET_PX = 14;

export function MapTip({ hovered, answer }: { hovered: Hovered; answer: AccessAnswer }) {
  const row = answer.rows.find((each) => each.code === hovered.code);
  const { metric } = answer.rule;
  const { settlement, facility } = hovered;
  const cost_of_settlement = settlement && (metric === "time" ? settlement.value.time_s : settlement.value.length_m);
  return (
    <div class="tip" style={beside(hovered)} aria-hidden="true">
      {facility && (
        <p class="tip-facility">
          {facility.name ?? word("key.facility")}
          {!isCounted(facility, answer) && <span class="quiet"> {word("tip.not_counted")}</span>}
        </p>
      )}
      {row && (
        <p>
          <strong>{villageName(row)}</strong> <span>{kecamatanName(row.kecamatan)}</span>
        </p>
      )}
      {row && (
        <p class="mark">
          <Swatch {...lookOf(row.class, answer)} />
          <span>{value(row, metric)}</span>
        </p>
      )}
      {settlement && settlement.people !== null && (
        <p class="tip-settlement">
          {word("tip.settlement", {
            people: people(settlement.people),
            value: cost_of_settlement === null ? "–" : cost(cost_of_settlement, metric),
          })}
        </p>
      )}
    </div>
  );
}

// Towards the middle of the map, where there is room.
function beside({ x, y }: Hovered): Record<string, string> {
  const { clientWidth, clientHeight } = document.getElementById("map") ?? document.body;
  return {
    ...(x < clientWidth / 2 ? { left: `${x + OFFSET_PX}px` } : { right: `${clientWidth - x + OFFSET_PX}px` }),
    ...(y < clientHeight / 2 ? { top: `${y + OFFSET_PX}px` } : { bottom: `${clientHeight - y + OFFSET_PX}px` }),
  };
}

// As the server counts: what works, and is of a tier of the rule or of an unknown one.
function isCounted({ tier, status }: NonNullable<Hovered["facility"]>, { rule }: AccessAnswer): boolean {
  return status === "functioning" && (tier === null || rule.tier.length === 0 || rule.tier.includes(tier));
}
