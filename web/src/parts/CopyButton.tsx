// Copies a text; where the clipboard is closed, shows it to be copied by hand.

import { useState } from "preact/hooks";

import { announce } from "../store.ts";
import { word } from "../words.ts";

const SHOWN_MS = 2500;

export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);
  const copy = async () => {
    try {
      // Missing outside a secure context.
      await navigator.clipboard.writeText(text());
      setOutcome("copied");
      announce(word("actions.copied"));
      setTimeout(() => setOutcome(null), SHOWN_MS);
    } catch {
      setOutcome("refused");
    }
  };
  return (
    <span class="copy">
      <button type="button" class="button" onClick={() => void copy()}>
        {outcome === "copied" ? `✓ ${word("actions.copied")}` : label}
      </button>
      {outcome === "refused" && (
        <label>
          <span>{word("actions.copy_failed")}</span>
          <input type="text" readOnly value={text()} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </span>
  );
}
