// The map library, fetched when the first screen stands, with its worker from our own address.

import type * as MapLibre from "maplibre-gl";

export type Library = typeof MapLibre;

let loaded: Promise<Library> | null = null;

function addStyles(): void {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(MAP_STYLES_FILE, import.meta.url).href;
  document.head.append(link);
}

export function loadLibrary(): Promise<Library> {
  loaded ??= (async () => {
    const library = (await import(MAP_LIBRARY_FILE)) as Library;
    library.setWorkerUrl(new URL(MAP_WORKER_FILE, import.meta.url).href);
    addStyles();
    return library;
  })();
  // A failed fetch may be tried again.
  loaded.catch(() => (loaded = null));
  return loaded;
}
