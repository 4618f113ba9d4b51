// Which number is shown: needs by group with their tiers, way of travelling, season, time or distance.

import type { Indicator, Metric } from "../api.ts";
import { service } from "../spoken.ts";
import { pick, usePlanner } from "../store.ts";
import { type WordKey, word, wordOfCode } from "../words.ts";
import { Choice, Segments } from "./Choice.tsx";

const NEEDS: { title: WordKey; services: string[] }[] = [
  { title: "need.health", services: ["clinic"] },
  { title: "need.water", services: ["water"] },
  { title: "need.education", services: ["school"] },
  { title: "need.road", services: ["road"] },
  { title: "need.market", services: ["market"] },
];
const MODES = ["foot", "bicycle", "motorcycle", "car", "ambulance"];
const SEASONS = ["dry", "wet"];
const METRICS: Metric[] = ["time", "distance"];

const needOf = ({ service, tier }: Pick<Indicator, "service" | "tier">) => `${service}:${[...tier].sort().join(",")}`;

export function IndicatorPicker() {
  const { answer, isBusy } = usePlanner();
  if (!answer) return null;
  const { available, rule } = answer;
  const needs = [...new Map(available.map((each) => [needOf(each), each])).values()];
  const known = NEEDS.flatMap(({ services }) => services);
  const groups = [
    ...NEEDS.map(({ title, services }) => ({ title, needs: needs.filter((each) => services.includes(each.service)) })),
    { title: "need.other" as const, needs: needs.filter((each) => !known.includes(each.service)) },
  ].filter((group) => group.needs.length > 0);
  const ofNeed = available.filter((each) => needOf(each) === needOf(rule));
  const offered = (all: readonly string[], key: "mode" | "season" | "metric") =>
    all.filter((word) => ofNeed.some((each) => each[key] === word));

  return (
    <form class="picker" aria-label={word("pick.title")} aria-busy={isBusy} onSubmit={(event) => event.preventDefault()}>
      <label class="field wide">
        <span>{word("pick.need")}</span>
        <select
          id="service"
          value={needOf(rule)}
          onChange={(event) => {
            const chosen = needs.find((each) => needOf(each) === event.currentTarget.value);
            if (chosen) void pick({ service: chosen.service, tier: chosen.tier });
          }}
        >
          {groups.map(({ title, needs }) => (
            <optgroup key={title} label={word(title)}>
              {needs.map((each) => (
                <option key={needOf(each)} value={needOf(each)}>
                  {service(each)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <Choice
        id="mode"
        label={word("pick.mode")}
        value={rule.mode}
        options={offered(MODES, "mode").map((mode) => ({ value: mode, label: wordOfCode("mode", mode) }))}
        onPick={(mode) => void pick({ mode })}
      />
      <Choice
        id="season"
        label={word("pick.season")}
        value={rule.season}
        options={offered(SEASONS, "season").map((season) => ({ value: season, label: wordOfCode("season", season) }))}
        missing={SEASONS.filter((season) => !offered(SEASONS, "season").includes(season)).map((season) => word("pick.missing", { name: wordOfCode("season", season) }))}
        onPick={(season) => void pick({ season })}
      />
      <Segments
        name="metric"
        label={word("pick.metric")}
        value={rule.metric}
        options={offered(METRICS, "metric").map((metric) => ({ value: metric, label: wordOfCode("metric", metric) }))}
        onPick={(metric) => void pick({ metric: metric as Metric })}
      />
    </form>
  );
}
