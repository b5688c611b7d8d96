/** Workbooks of Excel, hand-made, for tests: right ones and bombs. */
import { strToU8, zipSync } from "fflate";

type Value = string | number | null | { raw: string };

const names = (at: number): string =>
  at < 26 ? String.fromCharCode(65 + at) : `${names(Math.floor(at / 26) - 1)}${names(at % 26)}`;
const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

const cell = (value: Value, row: number, column: number): string => {
  const place = `r="${names(column)}${row}"`;
  if (value === null) return "";
  if (typeof value === "number") return `<c ${place}><v>${value}</v></c>`;
  if (typeof value === "object") return `<c ${place}><v>${value.raw}</v></c>`;
  return `<c ${place} t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
};

const sheetOf = (rows: Value[][]) =>
  rows
    .map(
      (row, at) =>
        `<row r="${at + 1}">${row.map((value, column) => cell(value, at + 1, column)).join("")}</row>`,
    )
    .join("");

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packaged = "http://schemas.openxmlformats.org/package/2006";

/** A workbook of one sheet. */
export const workbook = (rows: Value[][]): Buffer => workbookOf(sheetOf(rows));

/** The same, with the inside of `sheetData` written out. */
export function workbookOf(data: string, more: Record<string, Uint8Array> = {}): Buffer {
  const files = {
    "[Content_Types].xml": strToU8(
      `<?xml version="1.0"?><Types xmlns="${packaged}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    ),
    "_rels/.rels": strToU8(
      `<?xml version="1.0"?><Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    "xl/workbook.xml": strToU8(
      `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Feuille1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": strToU8(
      `<?xml version="1.0"?><Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    "xl/worksheets/sheet1.xml": strToU8(
      `<?xml version="1.0"?><worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`,
    ),
    ...more,
  };
  return Buffer.from(zipSync(files));
}

/** A sheet of `megabytes` that weighs a thousandth of it. */
export const bomb = (megabytes: number): Buffer =>
  workbookOf(
    `<row r="1"><c r="A1" t="inlineStr"><is><t>${" ".repeat(megabytes * 1024 * 1024)}</t></is></c></row>`,
  );

/** The same, announcing that its sheet holds a thousand bytes. */
export function lyingBomb(megabytes: number): Buffer {
  const bytes = bomb(megabytes);
  for (let at = 0; at < bytes.length - 4; at++) {
    const signature = bytes.readUInt32LE(at);
    const offset = signature === 0x02014b50 ? 24 : signature === 0x04034b50 ? 22 : 0;
    if (offset && bytes.readUInt32LE(at + offset) > 1024 * 1024) bytes.writeUInt32LE(1000, at + offset);
  }
  return bytes;
}
