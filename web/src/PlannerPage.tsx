// The planner's page. The order in the document is the order of the tab key: indicator, search, table, map.

import { useEffect } from "preact/hooks";

import { Details } from "./parts/Details.tsx";
import { DoubtsDialog } from "./parts/DoubtsDialog.tsx";
import { EmbedDialog } from "./parts/EmbedDialog.tsx";
import { HowDialog } from "./parts/HowDialog.tsx";
import { IndicatorPicker } from "./parts/IndicatorPicker.tsx";
import { Legend } from "./parts/Legend.tsx";
import { MapPanel, preferredLook } from "./parts/MapPanel.tsx";
import { OfflineBadge } from "./parts/OfflineBadge.tsx";
import { PictureDialog } from "./parts/PictureDialog.tsx";
import { Ranking } from "./parts/Ranking.tsx";
import { Summary } from "./parts/Summary.tsx";
import { HatchPatterns } from "./parts/Swatch.tsx";
import { VillageCard } from "./parts/VillageCard.tsx";
import { VillageSearch } from "./parts/VillageSearch.tsx";
import { close, planner, usePlanner } from "./store.ts";

export function PlannerPage() {
  const { announcement, answer, ask, card, dialog } = usePlanner();
  const look = ask.look ?? preferredLook();
  useEffect(() => {
    document.body.dataset["look"] = look;
    document.body.classList.toggle("with-card", card !== null);
  }, [look, card]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && planner().dialog === null) close();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
  if (!answer) return null;
  return (
    <>
      <HatchPatterns />
      <section class="controls">
        <IndicatorPicker />
      </section>
      <VillageSearch />
      <Summary />
      <Legend />
      <Details />
      <Ranking />
      <MapPanel />
      <VillageCard />
      <OfflineBadge />
      <p id="announcement" class="hidden" role="status" aria-live="polite">
        {announcement}
      </p>
      {dialog === "how" && <HowDialog />}
      {dialog === "doubts" && <DoubtsDialog />}
      {dialog === "picture" && <PictureDialog />}
      {dialog === "embed" && <EmbedDialog />}
    </>
  );
}
