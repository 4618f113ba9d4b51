// The words of the list of faults: it is fetched only when it is opened, and they with it.

import type { FaultKind } from "./symbols.ts";

const INDONESIAN = {
  title: "Kesalahan di data, dan angka siapa yang berubah bila diperbaiki",
  lead: "{n} kesalahan ditemukan. Yang teratas mengubah angka paling banyak orang bila diperbaiki.",
  none: "Tidak ditemukan kesalahan. Itu tidak berarti datanya benar.",
  missing: "Data belum diperiksa: jalankan jangkau compute.",
  failed: "Daftar tidak dapat dimuat. Coba buka lagi.",
  stale: "Data yang lebih baru sudah aktif; daftar ini dari data sebelumnya.",
  show: "Tampilkan semua di peta",
  noMap: "Peta tidak tersedia; daftarnya tetap lengkap.",
  all: "Semua jenis",
  filter: "Jenis",
  kind: "Jenis",
  place: "Tempat",
  gap: "Jarak",
  people: "Angka berubah (jiwa)",
  mend: "Apa, dan cara memperbaikinya",
  on_map: "Lihat di peta: {kind}, {place}",
  zoom: "Lihat di peta",
  nowhere: "di luar semua desa",
  unknown: "tidak diketahui",
  more: "Yang tampil {shown} teratas dari {n}. Semuanya ada di berkas.",
  files: "Unduh:",
  shown: "Peta menunjukkan {kind}, {place}.",
  drawn: "{n} kesalahan tampil di peta.",
  undrawn: "Kesalahan tidak lagi tampil di peta.",
  unmark: "Hapus tanda",
  near_miss: "Jalan hampir tersambung",
  island: "Jalan terputus dari jaringan",
  duplicate_facility: "Fasilitas ganda",
  far_facility: "Fasilitas jauh dari jalan",
  unassigned_settlement: "Permukiman tanpa desa",
};

const ENGLISH: Record<keyof typeof INDONESIAN, string> = {
  title: "Faults in the data, and whose number changes when they are mended",
  lead: "{n} faults were found. The first ones change the numbers of the most people when they are mended.",
  none: "No faults were found. That does not mean that the data are right.",
  missing: "The data have not been looked through: run jangkau compute.",
  failed: "The list could not be loaded. Try to open it again.",
  stale: "Newer data are active; this list is of the data before.",
  show: "Show all on the map",
  noMap: "There is no map; the list is whole all the same.",
  all: "All kinds",
  filter: "Kind",
  kind: "Kind",
  place: "Place",
  gap: "Distance",
  people: "Number changes (people)",
  mend: "What, and how to mend it",
  on_map: "See on the map: {kind}, {place}",
  zoom: "See on the map",
  nowhere: "outside all villages",
  unknown: "unknown",
  more: "The first {shown} of {n} are shown. All are in the files.",
  files: "Download:",
  shown: "The map shows {kind}, {place}.",
  drawn: "{n} faults are on the map.",
  undrawn: "The faults are no longer on the map.",
  unmark: "Remove the mark",
  near_miss: "Roads that nearly meet",
  island: "Roads cut off",
  duplicate_facility: "Facility twice",
  far_facility: "Facility far from roads",
  unassigned_settlement: "Settlement in no village",
};

export type Key = keyof typeof INDONESIAN;
const _kinds: Record<FaultKind, string> = INDONESIAN;
void _kinds;

export type Say = (key: Key, values?: Record<string, string | number>) => string;

export function speaker(language: "id" | "en"): Say {
  const words = language === "id" ? INDONESIAN : ENGLISH;
  return (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
