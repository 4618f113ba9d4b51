// The list of faults, a bundle of its own: the planner fetches it when somebody asks what is wrong with the data.

import { render } from "preact";

import { FaultList, type Page } from "./FaultList.tsx";
import { INK } from "./symbols.ts";
import { speaker } from "./words.ts";

const LOOKS = `
.faults { display: grid; gap: 0.6rem; grid-template-columns: minmax(0, 1fr); }
.fault-tools { display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; align-items: center; font-size: 0.875rem; }
.fault-tools select { min-height: 2rem; max-width: 100%; }
.fault-tools a { margin-left: 0.4rem; }
.fault-scroll { max-height: 24rem; overflow: auto; border: 1px solid var(--line); border-radius: var(--radius); }
.faults table { width: 100%; border-collapse: collapse; font-size: 0.8125rem; }
.faults thead th { position: sticky; top: 0; background: var(--ground); }
.faults th, .faults td { padding: 0.35rem 0.5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
.faults thead th { font-weight: 650; }
.faults .figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.faults thead .figure { white-space: normal; }
.faults tbody svg { width: 1rem; height: 1rem; margin-right: 0.35rem; vertical-align: -0.15rem; fill: ${INK}; }
.faults td .link { display: block; }
.faults summary { cursor: pointer; }
.fault-ring { width: 2.75rem; height: 2.75rem; padding: 0; border: 4px solid ${INK}; border-radius: 50%; background: none; box-shadow: 0 0 0 3px #ffffff, inset 0 0 0 3px #ffffff; }
@media (width < 40rem) {
  .faults table, .faults tbody, .faults tr, .faults th, .faults td { display: block; }
  .faults thead { display: none; }
  .faults tr { padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
  .faults th, .faults td, .faults .figure { padding: 0.1rem 0.5rem; border: 0; text-align: left; }
  .faults td.figure::before { content: attr(data-label) ": "; color: var(--quiet); }
}
`;

let hasLooks = false;

// Draws the list into a place; what it gives back takes it away again.
export function mount(place: HTMLElement, page: Page): () => void {
  if (!hasLooks) {
    const looks = new CSSStyleSheet();
    looks.replaceSync(LOOKS);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, looks];
    hasLooks = true;
  }
  place.replaceChildren();
  render(<FaultList page={page} say={speaker(page.language)} />, place);
  return () => render(null, place);
}
