// The dialog that makes an embedded map: what to show, how it looks, and the three things to copy.

import { useEffect, useId, useRef, useState } from "preact/hooks";

import { type AccessAnswer, type Indicator, indicatorQuery } from "./api.ts";
import { type Language, language, word, wordOfCode } from "./words.ts";

// Below 280 px a frame cannot show map and legend; above 2000 px nobody's screen shows it.
const MIN_HEIGHT_PX = 280;
const MAX_HEIGHT_PX = 2000;
const DEFAULT_HEIGHT_PX = 480;

// A frame keeps its shape, or has a height of its own.
type Size = { kind: "shape" } | { kind: "height"; height_px: number };

// Everything that the address of an embedded map says.
export interface EmbedChoice {
  indicator: Indicator;
  // `classes` and `n` as the planner has chosen them.
  classes: URLSearchParams;
  lang: Language;
  size: Size;
}

function nameOf({ service, mode, season, metric }: Indicator): string {
  const parts = [["service", service], ["mode", mode], ["season", season], ["metric", metric]] as const;
  return parts.map(([prefix, code]) => wordOfCode(prefix, code)).join(" · ");
}

function queryOf({ indicator, classes, lang }: EmbedChoice): URLSearchParams {
  const query = indicatorQuery(indicator);
  for (const [name, value] of classes) query.set(name, value);
  query.set("lang", lang);
  return query;
}

export function linkOf(choice: EmbedChoice, origin: string): string {
  return `${origin}/embed?${queryOf(choice)}`;
}

export function svgOf(choice: EmbedChoice, origin: string): string {
  return `${origin}/map.svg?${queryOf(choice)}`;
}

const asAttribute = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

// The element that a page of somebody else's holds.
export function frameOf(choice: EmbedChoice, origin: string, title: string): string {
  const height = choice.size.kind === "shape" ? "aspect-ratio:4/3" : `height:${choice.size.height_px}px`;
  return `<iframe src="${asAttribute(linkOf(choice, origin))}" title="${asAttribute(title)}" loading="lazy" allowfullscreen style="width:100%;${height};border:0"></iframe>`;
}

// A text to take along, with a button that copies it.
function Copy({ label, text, rows }: { label: string; text: string; rows: number }) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [said, say] = useState("");
  useEffect(() => say(""), [text]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      say(word("copied"));
    } catch {
      // Without the right to write, the text is selected: Ctrl-C does the rest.
      area.current?.select();
      say(word("copy_by_hand"));
    }
  }

  return (
    <div class="copy">
      <label for={id}>{label}</label>
      <textarea id={id} ref={area} readOnly rows={rows} value={text} spellcheck={false} />
      <button type="button" onClick={copy} aria-label={`${word("copy")}: ${label}`}>
        {word("copy")}
      </button>
      <span role="status">{said}</span>
    </div>
  );
}

function SizeFields({ size, choose }: { size: Size; choose: (size: Size) => void }) {
  const height_px = size.kind === "height" ? size.height_px : DEFAULT_HEIGHT_PX;
  const put = (text: string) => {
    const wanted = Number.parseInt(text, 10);
    if (Number.isNaN(wanted)) return;
    choose({ kind: "height", height_px: Math.min(Math.max(wanted, MIN_HEIGHT_PX), MAX_HEIGHT_PX) });
  };
  return (
    <fieldset>
      <legend>{word("embed.size")}</legend>
      <label>
        <input type="radio" name="embed-size" checked={size.kind === "shape"} onChange={() => choose({ kind: "shape" })} />
        {word("embed.shape")}
      </label>
      <label>
        <input type="radio" name="embed-size" checked={size.kind === "height"} onChange={() => choose({ kind: "height", height_px })} />
        {word("embed.height")}
      </label>
      {size.kind === "height" && (
        <input
          type="number"
          aria-label={word("embed.height_px")}
          min={MIN_HEIGHT_PX}
          max={MAX_HEIGHT_PX}
          step={10}
          value={height_px}
          onChange={(event) => put(event.currentTarget.value)}
        />
      )}
    </fieldset>
  );
}

interface Props {
  answer: AccessAnswer;
  // `classes` and `n` of the planner's view.
  classes: URLSearchParams;
  close: () => void;
}

export function EmbedDialog({ answer, classes, close }: Props) {
  const { available, rule } = answer;
  const [choice, choose] = useState<EmbedChoice>({ indicator: rule, classes, lang: language, size: { kind: "shape" } });
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const names = available.map(nameOf);
  const chosen = names.indexOf(nameOf(choice.indicator));
  const title = `Jangkau: ${nameOf(choice.indicator)}`;
  const { size } = choice;
  return (
    <dialog ref={dialog} class="dialog embed-dialog" aria-labelledby="embed-title" onClose={close}>
      <header>
        <h2 id="embed-title">{word("embed.title")}</h2>
        <button type="button" class="close" aria-label={word("close")} onClick={() => dialog.current?.close()}>
          ×
        </button>
      </header>
      <div class="embed-choices">
        <label>
          {word("embed.indicator")}
          <select
            value={chosen}
            onChange={(event) => {
              const indicator = available[Number(event.currentTarget.value)];
              if (indicator) choose({ ...choice, indicator });
            }}
          >
            {names.map((name, index) => (
              <option key={name} value={index}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {word("embed.language")}
          <select value={choice.lang} onChange={(event) => choose({ ...choice, lang: event.currentTarget.value as Language })}>
            <option value="id" lang="id">Bahasa Indonesia</option>
            <option value="en" lang="en">English</option>
          </select>
        </label>
        <SizeFields size={size} choose={(next) => choose({ ...choice, size: next })} />
      </div>
      <h3>{word("embed.preview")}</h3>
      <iframe
        class="embed-preview"
        src={linkOf(choice, "")}
        title={title}
        allowFullScreen
        style={size.kind === "shape" ? { aspectRatio: "4/3" } : { height: `${size.height_px}px` }}
      />
      <Copy label={word("embed.code")} text={frameOf(choice, location.origin, title)} rows={4} />
      <Copy label={word("embed.link")} text={linkOf(choice, location.origin)} rows={2} />
      <Copy label={word("embed.svg")} text={svgOf(choice, location.origin)} rows={2} />
    </dialog>
  );
}
