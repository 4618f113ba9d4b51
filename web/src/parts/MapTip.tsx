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
    <div class="tip" style={{ left: `${hovered.x + OFFSET_PX}px`, top: `${hovered.y + OFFSET_PX}px` }} aria-hidden="true">
      {facility && <p class="tip-facility">{facility}</p>}
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
