// Makes an embedded map: what it shows and how high it is, a live preview, and the three things to take along.

import { useId, useState } from "preact/hooks";

import { type Indicator, indicatorQuery } from "../api.ts";
import { shortName } from "../ask.ts";
import { indicator as indicatorInWords } from "../spoken.ts";
import { classesQuery, usePlanner } from "../store.ts";
import { type Language, language, word } from "../words.ts";
import { Choice, Segments } from "./Choice.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { Dialog } from "./Dialog.tsx";

// Less shows no map beside its legend; more is higher than screens are.
const MIN_HEIGHT_PX = 280;
const MAX_HEIGHT_PX = 2000;
const DEFAULT_HEIGHT_PX = 480;

// A frame keeps the shape of its width, or has a height of its own.
type Size = { kind: "shape" } | { kind: "height"; height_px: number };

// The parameters that pages and pictures of one view have in common.
function viewQuery(indicator: Indicator, lang: Language): string {
  const query = indicatorQuery(indicator);
  for (const [name, value] of classesQuery()) query.set(name, value);
  query.set("lang", lang);
  return query.toString();
}

const asAttribute = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

// The element that a page of somebody else's will hold.
function frameCode(address: string, title: string, size: Size): string {
  const height = size.kind === "shape" ? "aspect-ratio:4/3;min-height:480px" : `height:${size.height_px}px`;
  return `<iframe src="${asAttribute(address)}" title="${asAttribute(title)}" loading="lazy" allowfullscreen style="width:100%;${height};border:0"></iframe>`;
}

export function EmbedDialog() {
  const { answer } = usePlanner();
  const [indicator, setIndicator] = useState<Indicator | null>(null);
  const [lang, setLang] = useState<Language>(language);
  const [title, setTitle] = useState<string | null>(null);
  const [size, setSize] = useState<Size>({ kind: "shape" });
  if (!answer) return null;
  const { available, rule } = answer;
  const shown = indicator ?? rule;
  const nameOf = (each: Indicator) => `${shortName(each)}:${[...each.tier].sort().join(",")}`;
  const query = viewQuery(shown, lang);
  const name = title ?? `Jangkau: ${indicatorInWords(shown)}`;
  return (
    <Dialog name="embed" title={word("embed.title")}>
      <div class="embed-choices">
        <Choice
          id="embed-indicator"
          label={word("embed.indicator")}
          value={nameOf(shown)}
          options={available.map((each) => ({ value: nameOf(each), label: indicatorInWords(each) }))}
          onPick={(name) => setIndicator(available.find((each) => nameOf(each) === name) ?? null)}
        />
        <Segments
          name="embed-language"
          label={word("embed.language")}
          value={lang}
          options={[
            { value: "id", label: "Indonesia" },
            { value: "en", label: "English" },
          ]}
          onPick={(chosen) => setLang(chosen as Language)}
        />
        <Segments
          name="embed-size"
          label={word("embed.size")}
          value={size.kind}
          options={[
            { value: "shape", label: word("embed.shape") },
            { value: "height", label: word("embed.height") },
          ]}
          onPick={(kind) => setSize(kind === "shape" ? { kind } : { kind: "height", height_px: DEFAULT_HEIGHT_PX })}
        />
        {size.kind === "height" && <Height height_px={size.height_px} onPick={(height_px) => setSize({ kind: "height", height_px })} />}
      </div>
      <h3>{word("embed.preview")}</h3>
      <iframe
        class="embed-preview"
        src={`/embed?${query}`}
        title={name}
        // The title of the page inside is in its own language.
        onLoad={(event) => setTitle(event.currentTarget.contentDocument?.title || null)}
        allowFullScreen
        style={size.kind === "shape" ? { aspectRatio: "4 / 3" } : { height: `${size.height_px}px` }}
      />
      <TakeAlong name="embed-code" label={word("embed.code")} text={frameCode(`${location.origin}/embed?${query}`, name, size)} />
      <TakeAlong name="embed-link" label={word("embed.link")} text={`${location.origin}/embed?${query}`} />
      <TakeAlong name="embed-svg" label={word("embed.svg")} text={`${location.origin}/map.svg?${query}`} />
    </Dialog>
  );
}

function Height({ height_px, onPick }: { height_px: number; onPick: (height_px: number) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{word("embed.height_px")}</label>
      <input
        id={id}
        type="number"
        min={MIN_HEIGHT_PX}
        max={MAX_HEIGHT_PX}
        step={10}
        value={height_px}
        onChange={({ currentTarget: input }) => {
          const wanted = Number.parseInt(input.value, 10);
          const possible = Math.min(Math.max(Number.isNaN(wanted) ? DEFAULT_HEIGHT_PX : wanted, MIN_HEIGHT_PX), MAX_HEIGHT_PX);
          input.value = String(possible);
          onPick(possible);
        }}
      />
    </div>
  );
}

// A text to be pasted elsewhere, with the button that copies it.
function TakeAlong({ name, label, text }: { name: string; label: string; text: string }) {
  return (
    <div class="take-along">
      <label for={name}>{label}</label>
      <textarea id={name} readOnly rows={name === "embed-code" ? 4 : 2} spellcheck={false} value={text} />
      <CopyButton label={word("actions.copy_what", { what: label })} text={() => text} />
    </div>
  );
}
