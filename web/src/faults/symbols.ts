// A shape for each kind of fault, the same in the list and on the map: never colour alone.

export type FaultKind = "near_miss" | "island" | "duplicate_facility" | "far_facility" | "unassigned_settlement";

export const KINDS: readonly FaultKind[] = ["near_miss", "island", "duplicate_facility", "far_facility", "unassigned_settlement"];

// Filled paths in a box of 20 by 20: triangle, square, two discs, diamond, cross.
export const SHAPES: Record<FaultKind, string> = {
  near_miss: "M10 2 18.5 17H1.5Z",
  island: "M3 3h14v14H3Z",
  duplicate_facility: "M7 4.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM15 6.5a4 4 0 0 1 0 8 7 7 0 0 0 0-8Z",
  far_facility: "M10 1 19 10 10 19 1 10Z",
  unassigned_settlement: "M4.5 2 10 7.5 15.5 2 18 4.5 12.5 10 18 15.5 15.5 18 10 12.5 4.5 18 2 15.5 7.5 10 2 4.5Z",
};

export const INK = "#8a1c7c";

// The shape as a picture for the map, white around it.
export function picture(kind: FaultKind): ImageData {
  const side = 48;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d")!;
  const shape = new Path2D(SHAPES[kind]);
  pen.translate(6, 6);
  pen.scale(1.8, 1.8);
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = "#ffffff";
  pen.stroke(shape);
  pen.fillStyle = INK;
  pen.fill(shape);
  return pen.getImageData(0, 0, side, side);
}
