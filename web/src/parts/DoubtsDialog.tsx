// "What is wrong with this data?": what the answers themselves give reason to doubt.

import { districtDoubts, villageDoubts } from "../doubts.ts";
import { villageName } from "../spoken.ts";
import { usePlanner } from "../store.ts";
import { word } from "../words.ts";
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
    </Dialog>
  );
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
