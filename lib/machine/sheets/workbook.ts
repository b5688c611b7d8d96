/**
 * The first sheet of an XLSX workbook (ECMA-376), within bounds. Our own reader, on an unzip library and the XML parser
 * we have: docs/decisions/0046 says which others were tried. Cells only: no formula, no picture, no macro.
 */
import { strFromU8, unzipSync } from "fflate";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import type { Cell } from "#lib/machine/sheets/read";

export type Bounds = {
  mostBytes: number;
  mostEntries: number;
  mostRows: number;
  mostColumns: number;
  /** Of all cells together: a thousand of them may name one text, which weighs once in the file and each time outside. */
  mostLetters: number;
};

export class TooBig extends Error {}

const wanted =
  /^xl\/(workbook\.xml|sharedStrings\.xml|styles\.xml|_rels\/workbook\.xml\.rels|worksheets\/[^/]+\.xml)$/i;

/** Throws TooBig beyond a bound, and anything else for what is no workbook. */
export function readWorkbook(bytes: Uint8Array, bounds: Bounds): Cell[][] {
  const part = open(bytes, bounds);
  const { sheet, since1904 } = firstSheet(part("xl/workbook.xml"), part("xl/_rels/workbook.xml.rels"));
  const strings = sharedStrings(part("xl/sharedStrings.xml"));
  const dates = dateStyles(part("xl/styles.xml"));
  return readCells(part(sheet), bounds, (type, style, text) => {
    if (type === "s") return strings[Number(text)] ?? null;
    if (type === "str" || type === "inlineStr") return text;
    if (type === "d") return text.slice(0, 10);
    const number = Number(text);
    if (type === "e" || text === "" || !Number.isFinite(number)) return null;
    return dates.has(style) ? dayOf(number + (since1904 ? 1462 : 0)) : number;
  });
}

/** By what the archive announces: nothing is written past it, so an archive that lies is only cut short. */
function open(bytes: Uint8Array, { mostBytes, mostEntries }: Bounds) {
  let [size, entries] = [0, 0];
  const parts = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (++entries > mostEntries) throw new TooBig();
      if (!wanted.test(name)) return false;
      size += originalSize;
      if (size > mostBytes) throw new TooBig();
      return true;
    },
  });
  const byName = new Map(Object.entries(parts).map(([name, part]) => [name.toLowerCase(), part]));
  return (name: string) => strFromU8(byName.get(name.toLowerCase()) ?? new Uint8Array(0));
}

type Reader = {
  open?: (name: string, tag: SaxesTagPlain) => void;
  close?: (name: string) => void;
  text?: (text: string) => void;
};

/** Names without their prefix, which each program chooses. No entity is known but the five of XML. */
function parse(xml: string, { open, close, text }: Reader): void {
  if (xml === "") return;
  const parser = new SaxesParser();
  const local = (name: string) => name.slice(name.indexOf(":") + 1);
  parser.on("error", (error) => {
    throw error;
  });
  if (open) parser.on("opentag", (tag) => open(local(tag.name), tag));
  if (close) parser.on("closetag", (tag) => close(local(tag.name)));
  if (text) parser.on("text", text);
  parser.write(xml).close();
}

function firstSheet(workbook: string, relations: string) {
  let [id, since1904] = ["", false];
  parse(workbook, {
    open: (name, { attributes }) => {
      if (name === "workbookPr") since1904 = /^(1|true)$/.test(attributes.date1904 ?? "");
      if (name === "sheet") id ||= Object.entries(attributes).find(([key]) => /:id$/i.test(key))?.[1] ?? "";
    },
  });
  let target = "";
  parse(relations, {
    open: (_, { attributes }) => {
      if (attributes.Id === id) target = attributes.Target ?? "";
    },
  });
  if (id === "" || target === "") throw new Error("no sheet");
  return { sheet: target.startsWith("/") ? target.slice(1) : `xl/${target}`, since1904 };
}

/** Each text whole, whatever its runs; how it is pronounced (`rPh`) is not part of it. */
function sharedStrings(xml: string): string[] {
  const strings: string[] = [];
  let [inside, aside] = [false, false];
  parse(xml, {
    open: (name) => {
      if (name === "si") strings.push("");
      if (name === "rPh") aside = true;
      inside = name === "t" && !aside;
    },
    close: (name) => {
      if (name === "rPh") aside = false;
      inside = false;
    },
    text: (text) => {
      if (inside) strings.push((strings.pop() ?? "") + text);
    },
  });
  return strings;
}

/** The styles whose numbers are dates: those of the standard, and codes with a day, a month or a year in them. */
function dateStyles(xml: string): Set<number> {
  const [codes, styles] = [new Map<number, string>(), new Set<number>()];
  let [at, cells] = [0, false];
  parse(xml, {
    open: (name, { attributes }) => {
      if (name === "numFmt") codes.set(Number(attributes.numFmtId), attributes.formatCode ?? "");
      if (name === "cellXfs") cells = true;
      if (name !== "xf" || !cells) return;
      const format = Number(attributes.numFmtId);
      const code = (codes.get(format) ?? "").replace(/"[^"]*"|\[[^\]]*\]|\\./g, "");
      if ((format >= 14 && format <= 22) || /[dyj]|mm/i.test(code)) styles.add(at);
      at++;
    },
    close: (name) => {
      if (name === "cellXfs") cells = false;
    },
  });
  return styles;
}

/** `2026-07-11`; a day that no calendar has is left a number. */
function dayOf(serial: number): Cell {
  const at = new Date(Math.round((serial - 25_569) * 86_400_000));
  return serial > 0 && !Number.isNaN(at.getTime()) && at.getUTCFullYear() < 10_000
    ? at.toISOString().slice(0, 10)
    : serial;
}

function readCells(
  xml: string,
  bounds: Bounds,
  asCell: (type: string, style: number, text: string) => Cell,
): Cell[][] {
  const rows: Cell[][] = [];
  let [row, column, type, style, text, inside, letters] = [0, 0, "", 0, "", false, 0];
  parse(xml, {
    open: (name, { attributes }) => {
      inside = name === "v" || name === "t";
      if (name === "row") {
        row = attributes.r ? Number(attributes.r) : row + 1;
        column = 0;
        if (!(row >= 1 && row <= bounds.mostRows)) throw new TooBig();
        while (rows.length < row) rows.push([]);
      } else if (name === "c") {
        column = attributes.r ? columnOf(attributes.r) : column + 1;
        if (!(column >= 1 && column <= bounds.mostColumns)) throw new TooBig();
        [type, style, text] = [attributes.t ?? "n", Number(attributes.s ?? 0), ""];
      }
    },
    text: (piece) => {
      if (inside) text += piece;
    },
    close: (name) => {
      inside = false;
      const cells = rows[row - 1];
      if (name !== "c" || !cells) return;
      while (cells.length < column) cells.push(null);
      const cell = asCell(type, style, text);
      if (typeof cell === "string") letters += cell.length;
      if (letters > bounds.mostLetters) throw new TooBig();
      cells[column - 1] = cell;
    },
  });
  return rows;
}

/** « AB12 » is the 28th. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.replace(/\d+$/, "").toUpperCase())
    column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}
