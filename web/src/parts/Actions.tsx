// What is handed on: the link, the picture with its sentences, the map for another page.

import { openDialog } from "../store.ts";
import { word } from "../words.ts";
import { CopyButton } from "./CopyButton.tsx";

export function Actions() {
  return (
    <div class="actions" role="group" aria-label={word("actions.title")}>
      <CopyButton label={word("actions.copy")} text={() => location.href} />
      <button type="button" class="button" onClick={() => openDialog("picture")}>
        {word("actions.picture")}
      </button>
      <button type="button" class="button" onClick={() => openDialog("embed")}>
        {word("actions.embed")}
      </button>
    </div>
  );
}
