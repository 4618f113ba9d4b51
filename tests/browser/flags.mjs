// How the browser is started: with a map drawn in software wherever this runs, or with none at all.

export const QUIET = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const DRAWS = [...QUIET, "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
export const DRAWS_NOT = [...QUIET, "--disable-gpu", "--disable-3d-apis", "--disable-software-rasterizer"];
