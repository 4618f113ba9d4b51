// Names that build.mjs puts in: files beside the bundle.

declare const FAULTS_FILE: string;
declare const MAP_LIBRARY_FILE: string;
declare const MAP_WORKER_FILE: string;
declare const MAP_STYLES_FILE: string;
