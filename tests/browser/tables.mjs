// Downloads as the programs that people have read them: CSV with semicolons, and the sheets of an XLSX workbook.

import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

// Rows of cells of a CSV file that begins with a byte order mark and ends each line by CR LF.
export function parseCsv(bytes) {
  assert.ok(bytes.subarray(0, 3).equals(BOM), "a byte order mark, which spreadsheets need");
  const text = bytes.subarray(3).toString("utf8");
  assert.ok(text.endsWith("\r\n"), "the last line ends");
  const rows = [[""]];
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const row = rows.at(-1);
    const sign = text[at];
    if (isQuoted && sign === '"' && text[at + 1] === '"') row[row.length - 1] += text[(at += 1)];
    else if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted) row[row.length - 1] += sign;
    else if (sign === ";") row.push("");
    else if (sign === "\r" && text[at + 1] === "\n") rows.push([""]);
    else if (sign !== "\n") row[row.length - 1] += sign;
  }
  return rows.slice(0, -1);
}

// The files of a ZIP archive, by name.
export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  assert.ok(0 <= end, "a ZIP archive");
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); 0 < n; n -= 1) {
    const method = bytes.readUInt16LE(at + 10);
    const size = bytes.readUInt32LE(at + 20);
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    files.set(name, (method === 0 ? packed : inflateRawSync(packed)).toString("utf8"));
    at += 46 + nameLength + extraLength + noteLength;
  }
  return files;
}

const unescape = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&");

// The sheets of a workbook in their order: names, and rows of cells as text.
export function parseXlsx(bytes) {
  const files = unzip(bytes);
  const shared = [...(files.get("xl/sharedStrings.xml") ?? "").matchAll(/<si>(.*?)<\/si>/gs)].map(([, item]) =>
    unescape([...item.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, part]) => part).join("")));
  const names = [...files.get("xl/workbook.xml").matchAll(/<sheet name="([^"]*)"/g)].map(([, name]) => unescape(name));
  return names.map((name, index) => {
    const xml = files.get(`xl/worksheets/sheet${index + 1}.xml`);
    const rows = [...xml.matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, cells = ""]) =>
      [...cells.matchAll(/<c r="[A-Z]+\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes, content = ""]) => {
        const value = content.match(/<(?:v|t)[^>]*>(.*?)<\/(?:v|t)>/s)?.[1] ?? "";
        return attributes.includes('t="s"') ? shared[Number(value)] : unescape(value);
      }));
    return { name, rows };
  });
}
