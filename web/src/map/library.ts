// The map library, fetched when the first screen stands, with its worker from our own address.

import type * as MapLibre from "maplibre-gl";

export type Library = typeof MapLibre;

let loaded: Promise<Library> | null = null;

// A map made before its styles are there would show what they hide. Without them it still draws.
function addStyles(): Promise<void> {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(MAP_STYLES_FILE, import.meta.url).href;
  const ended = new Promise<void>((resolve) => {
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => resolve());
  });
  document.head.append(link);
  return ended;
}

export function loadLibrary(): Promise<Library> {
  loaded ??= (async () => {
    const [library] = await Promise.all([import(MAP_LIBRARY_FILE) as Promise<Library>, addStyles()]);
    library.setWorkerUrl(new URL(MAP_WORKER_FILE, import.meta.url).href);
    return library;
  })();
  // A failed fetch may be tried again.
  loaded.catch(() => (loaded = null));
  return loaded;
}
