// The picture that the server draws, in two sizes, with sentences ready to be pasted.

import { shownQuery, usePlanner } from "../store.ts";
import { language, word } from "../words.ts";
import { CopyButton } from "./CopyButton.tsx";
import { Dialog } from "./Dialog.tsx";

const SIZES = [
  { name: "picture.wide", width: 1600, height: 900 },
  { name: "picture.social", width: 1200, height: 630 },
] as const;

export function pictureAddress(format: "svg" | "png", size: { width: number; height: number }): string {
  const query = shownQuery();
  query.set("lang", language);
  query.set("width", String(size.width));
  query.set("height", String(size.height));
  return `/map.${format}?${query}`;
}

export function PictureDialog() {
  const { answer } = usePlanner();
  if (!answer) return null;
  return (
    <Dialog name="picture" title={word("picture.title")}>
      <img class="preview" src={pictureAddress("svg", SIZES[0])} width="1600" height="900" alt={`${word("picture.preview")}: ${answer.sentences[language][0] ?? ""}`} />
      <ul class="plain sizes">
        {SIZES.map((size) => (
          <li key={size.name}>
            <span>{word(size.name)}</span>
            <a class="button" href={pictureAddress("png", size)} download="">
              PNG
            </a>
            <a class="button" href={pictureAddress("svg", size)} download="">
              SVG
            </a>
          </li>
        ))}
      </ul>
      <h3>{word("picture.sentences")}</h3>
      <ul class="plain ready">
        {answer.sentences[language].map((sentence) => (
          <li key={sentence}>
            <p>{sentence}</p>
            <CopyButton label={word("picture.copy")} text={() => sentence} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
