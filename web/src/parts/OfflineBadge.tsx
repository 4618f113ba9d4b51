// Says that what is shown is not of now.

import { usePlanner } from "../store.ts";
import { shortDay, word } from "../words.ts";

export function OfflineBadge() {
  const { answeredAt, isOffline } = usePlanner();
  if (!isOffline || !answeredAt) return null;
  return (
    <p class="badge" role="status">
      {word("offline", { day: shortDay(answeredAt) })}
    </p>
  );
}
