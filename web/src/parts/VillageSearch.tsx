// Finds villages and kecamatan by name, whatever the case and the diacritics: a combobox with a list.

import { useId, useMemo, useState } from "preact/hooks";

import type { AccessAnswer } from "../api.ts";
import { kecamatanOf } from "../ranked.ts";
import { kecamatanName, villageName } from "../spoken.ts";
import { announce, arrange, choose, usePlanner } from "../store.ts";
import { folded, number, word } from "../words.ts";

const MOST_FOUND = 8;

interface Place {
  key: string;
  name: string;
  within: string;
  folded: string;
  open: () => void;
}

function placesOf(answer: AccessAnswer): Place[] {
  const villages = answer.rows.map((row) => ({
    key: row.code,
    name: villageName(row),
    within: kecamatanName(row.kecamatan),
    folded: folded(`${villageName(row)} ${row.code}`),
    open: () => choose(row.code),
  }));
  const kecamatan = kecamatanOf(answer).map(({ code, name, villages: n }) => ({
    key: `kecamatan ${code}`,
    name,
    within: word("kecamatan_of", { n: number(n) }),
    folded: folded(name),
    open: () => arrange({ kecamatan: code }),
  }));
  return [...kecamatan, ...villages];
}

// Names that start with what is typed come first, then words that do, then the rest.
function find(places: Place[], typed: string): Place[] {
  const wanted = folded(typed.trim());
  if (!wanted) return [];
  const fit = (place: Place) => {
    if (place.folded.startsWith(wanted)) return 0;
    if (place.folded.includes(` ${wanted}`)) return 1;
    return place.folded.includes(wanted) ? 2 : 3;
  };
  return places
    .filter((place) => fit(place) < 3)
    .sort((a, b) => fit(a) - fit(b))
    .slice(0, MOST_FOUND);
}

export function VillageSearch() {
  const { answer } = usePlanner();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const places = useMemo(() => (answer ? placesOf(answer) : []), [answer]);
  const found = useMemo(() => find(places, typed), [places, typed]);
  const shows = isOpen && typed.trim() !== "";

  const take = (place: Place | undefined) => {
    if (!place) return;
    setTyped("");
    setOpen(false);
    setActive(-1);
    place.open();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      setOpen(true);
      if (found.length) setActive((active + step + found.length + Number(active < 0 && step < 0)) % found.length);
    } else if (event.key === "Enter") {
      take(found[Math.max(active, 0)]);
    } else if (event.key === "Escape" && shows) {
      setOpen(false);
      setActive(-1);
      // The card stays.
      event.stopPropagation();
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div class="search">
      <label for="search" class="hidden">{word("search.label")}</label>
      <input
        id="search"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder={word("search.label")}
        aria-autocomplete="list"
        aria-expanded={shows}
        aria-controls={`${id}-list`}
        aria-activedescendant={shows && 0 <= active ? `${id}-${active}` : undefined}
        value={typed}
        onInput={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          setOpen(true);
          setActive(-1);
          const n = find(places, text).length;
          announce(text.trim() ? (n ? word("search.found", { n: number(n) }) : word("search.none")) : "");
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={word("search.label")} hidden={!shows || found.length === 0}>
        {found.map((place, index) => (
          <li
            key={place.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            // Before the input loses the focus.
            onPointerDown={(event) => {
              event.preventDefault();
              take(place);
            }}
          >
            <span>{place.name}</span>
            <small>{place.within}</small>
          </li>
        ))}
      </ul>
      {shows && found.length === 0 && <p class="search-none">{word("search.none")}</p>}
    </div>
  );
}
