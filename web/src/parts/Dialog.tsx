// A native modal dialog with a title and a button that closes it; the browser gives the focus back.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { closeDialog } from "../store.ts";
import { word } from "../words.ts";

export function Dialog({ name, title, children }: { name: string; title: string; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // At once: a key pressed meanwhile is meant for the dialog.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${name}`}
      aria-labelledby={`${name}-title`}
      onClose={closeDialog}
      // Escape is for the dialog alone.
      onKeyDown={(event) => event.key === "Escape" && event.stopPropagation()}
      // The dialog's own box is the backdrop: its content fills it.
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="dialog-box">
        <header>
          <h2 id={`${name}-title`}>{title}</h2>
          <button type="button" class="close" aria-label={word("dialog.close")} onClick={() => dialog.current?.close()}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M3 3l10 10M13 3L3 13" />
            </svg>
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
