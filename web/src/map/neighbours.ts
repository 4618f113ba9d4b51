// Which village lies in a direction: for moving over the map with the arrow keys.

export type Direction = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";
export type LonLat = [lon: number, lat: number];

// Bearings in radians, counterclockwise from east.
const BEARINGS: Record<Direction, number> = {
  ArrowRight: 0,
  ArrowUp: Math.PI / 2,
  ArrowLeft: Math.PI,
  ArrowDown: -Math.PI / 2,
};
// Half of the sector that counts as a direction; sectors overlap, so no neighbour is out of reach.
const HALF_SECTOR = Math.PI / 3;
// A village straight ahead wins over one aside that is somewhat nearer.
const ASIDE_COST = 1.5;

export function isDirection(key: string): key is Direction {
  return key in BEARINGS;
}

// The code of the nearest village in a direction; null where there is none.
export function neighbour(points: ReadonlyMap<string, LonLat>, from: string, direction: Direction): string | null {
  const here = points.get(from);
  if (!here) return null;
  const shrink = Math.cos((here[1] * Math.PI) / 180);
  let best: { code: string; effort: number } | null = null;
  for (const [code, [lon, lat]] of points) {
    const east = (lon - here[0]) * shrink;
    const north = lat - here[1];
    const distance = Math.hypot(east, north);
    if (code === from || distance === 0) continue;
    const turn = Math.abs(Math.atan2(north, east) - BEARINGS[direction]);
    const aside = Math.min(turn, 2 * Math.PI - turn);
    const effort = distance * (1 + ASIDE_COST * aside);
    if (aside <= HALF_SECTOR && (best === null || effort < best.effort || (effort === best.effort && code < best.code))) {
      best = { code, effort };
    }
  }
  return best?.code ?? null;
}
