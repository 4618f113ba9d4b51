// The nearest facility by name and tier, and the runner-up.

import type { Found, VillageAccess } from "../api.ts";
import { cost, word, wordOfCode } from "../words.ts";

export function Facilities({ access }: { access: VillageAccess }) {
  if (!access.nearest) return <p>{word("card.no_nearest")}</p>;
  return (
    <dl class="facilities">
      <Facility rank="nearest" found={access.nearest} />
      {access.second ? (
        <Facility rank="second" found={access.second} />
      ) : (
        <div>
          <dt>{word("card.second")}</dt>
          <dd class="quiet">{word("card.no_second")}</dd>
        </div>
      )}
    </dl>
  );
}

function Facility({ rank, found }: { rank: "nearest" | "second"; found: Found }) {
  const name = found.name ?? `${word("card.without_name")} (${found.facility_id})`;
  return (
    <div>
      <dt>
        <svg class={`route-key ${rank}`} viewBox="0 0 28 8" aria-hidden="true">
          <path d="M1 4H27" />
        </svg>
        {word(`card.${rank}`)}
      </dt>
      <dd>
        <strong>{name}</strong>
        {found.tier && <span class="quiet">, {wordOfCode("tier", found.tier)}</span>}
        <br />
        {cost(found.time_s, "time")} · {cost(found.length_m, "distance")}
      </dd>
    </div>
  );
}
