// The picture that the server has drawn in the page: it stands until the map is drawn, then it is gone for good.

let picture: Element | null = null;

// Takes it out of the page before the page is drawn anew.
export function takeFirstPicture(app: HTMLElement): void {
  picture = app.querySelector(".map svg");
  picture?.remove();
}

export function showFirstPicture(holder: HTMLElement): void {
  if (picture) holder.append(picture);
}

export function dropFirstPicture(): void {
  picture?.remove();
  picture = null;
}
