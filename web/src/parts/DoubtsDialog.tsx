// "What is wrong with this data?": what the answers themselves give reason to doubt.

import { useEffect, useRef } from "preact/hooks";

import { districtDoubts, villageDoubts } from "../doubts.ts";
import { villageName } from "../spoken.ts";
import { announce, closeDialog, usePlanner } from "../store.ts";
import { language, word } from "../words.ts";
import { Dialog } from "./Dialog.tsx";

export function DoubtsDialog() {
  const { answer, card } = usePlanner();
  if (!answer) return null;
  const row = answer.rows.find((each) => each.code === card?.code);
  const ofVillage = card && row ? villageDoubts(card, answer) : [];
  return (
    <Dialog name="doubts" title={word("doubts.title")}>
      {row && (
        <>
          <h3>{word("doubts.village", { village: villageName(row) })}</h3>
          <Doubts doubts={ofVillage} />
        </>
      )}
      <h3>{word("doubts.district")}</h3>
      <Doubts doubts={districtDoubts(answer)} />
      <Faults />
    </Dialog>
  );
}

// The list of faults, fetched now.
function Faults() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let leave: (() => void) | null = null;
    let isGone = false;
    import(FAULTS_FILE).then(
      ({ mount }: typeof import("../faults/main.tsx")) => {
        if (!isGone) leave = mount(place.current!, { language, announce, close: closeDialog });
      },
      (error: unknown) => place.current?.replaceChildren(word("problem.failed", { detail: String(error) })),
    );
    return () => {
      isGone = true;
      leave?.();
    };
  }, []);
  return <div ref={place}>{word("loading")}</div>;
}

function Doubts({ doubts }: { doubts: string[] }) {
  if (doubts.length === 0) return <p>{word("doubts.none")}</p>;
  return (
    <ul class="doubt-list">
      {doubts.map((doubt) => (
        <li key={doubt}>{commandsMarked(doubt)}</li>
      ))}
    </ul>
  );
}

// What stands between backticks is a command.
function commandsMarked(text: string) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
