/**
 * A workbook of one sheet (ECMA-376): texts are texts, whatever they begin with, so that nothing is a formula; amounts are
 * numbers that add up; days are days. Written whole: a table of twenty thousand rows is a few megabytes.
 */
import { strToU8, zipSync } from "fflate";
import { log } from "#lib/machine/log";

/** Euros from integer cents; a day of Paris, `2026-07-11`. */
export type WrittenCell = string | number | { cents: number | bigint } | { day: string | null } | null;
export type Written = {
  /** Of the sheet, at most thirty-one letters. */
  name: string;
  headings: string[];
  rows: WrittenCell[][];
  /** Letters of each column; where it is not told, what its heading takes. */
  widths?: number[];
};

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packaged = "http://schemas.openxmlformats.org/package/2006";
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const part = "application/vnd.openxmlformats-officedocument.spreadsheetml";
export const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Places of `cellXfs` in the styles below. */
const [bold, money, date] = [1, 2, 3];

export function writeWorkbook({ name, headings, rows, widths = [] }: Written): Uint8Array {
  const columns = headings
    .map((heading, at) => {
      const width = widths[at] ?? Math.max(10, heading.length + 2);
      return `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`;
    })
    .join("");
  const head = `<row r="1">${headings.map((text, at) => textCell(text, 1, at, bold)).join("")}</row>`;
  const body = rows.map(
    (row, at) => `<row r="${at + 2}">${row.map((one, x) => cell(one, at + 2, x)).join("")}</row>`,
  );
  const last = `${letters(Math.max(0, headings.length - 1))}${rows.length + 1}`;
  const title = escaped(name.replace(/[[\]:*?/\\]/g, " ").slice(0, 31));
  return zipSync({
    "[Content_Types].xml": strToU8(
      `${declaration}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${part}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${part}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${part}.styles+xml"/></Types>`,
    ),
    "_rels/.rels": strToU8(relations("officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": strToU8(
      `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${title}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": strToU8(
      relations(
        "worksheet",
        "worksheets/sheet1.xml",
        `<Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/>`,
      ),
    ),
    "xl/styles.xml": strToU8(styles),
    "xl/worksheets/sheet1.xml": strToU8(
      `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns}</cols><sheetData>${head}${body.join("")}</sheetData><autoFilter ref="A1:${last}"/></worksheet>`,
    ),
  });
}

const relations = (kind: string, target: string, more = "") =>
  `${declaration}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/${kind}" Target="${target}"/>${more}</Relationships>`;

const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.00"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;

function cell(value: WrittenCell, row: number, column: number): string {
  const place = `r="${letters(column)}${row}"`;
  if (value === null || value === "") return "";
  if (typeof value === "string") return textCell(value, row, column);
  if (typeof value === "number") return `<c ${place}><v>${value}</v></c>`;
  if ("cents" in value) return `<c ${place} s="${money}"><v>${euros(value.cents)}</v></c>`;
  return value.day === null ? "" : `<c ${place} s="${date}"><v>${serial(value.day)}</v></c>`;
}

const textCell = (text: string, row: number, column: number, style = 0) =>
  `<c r="${letters(column)}${row}" t="inlineStr"${style ? ` s="${style}"` : ""}><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

/** Exact, in decimals: 8640 is 86.40. */
function euros(cents: number | bigint): string {
  const whole = BigInt(cents);
  const [sign, digits] = [whole < 0n ? "-" : "", String(whole < 0n ? -whole : whole).padStart(3, "0")];
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Days since 30 December 1899, as spreadsheets count. */
const serial = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569;

const letters = (at: number): string =>
  at < 26 ? String.fromCharCode(65 + at) : `${letters(Math.floor(at / 26) - 1)}${letters(at % 26)}`;

/** XML has no way to say other control characters; a cell holds 32 767 letters. */
const escaped = (text: string) =>
  text
    .slice(0, 32_767)
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/\r/g, "&#13;");

type Download = {
  filename: string;
  failure: string;
  journal: (what: "exported" | "exportFailed") => Promise<void>;
};

/** A workbook to keep, or an error and no file at all; who took it is written down. */
export async function workbookResponse(read: () => Promise<Written>, download: Download): Promise<Response> {
  const { filename, failure, journal } = download;
  try {
    const bytes = writeWorkbook(await read());
    await journal("exported");
    return new Response(Buffer.from(bytes), {
      headers: {
        "content-type": workbookType,
        "content-disposition": `attachment; filename="${filename}"`,
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    log.error({ err: error }, "export failed");
    await journal("exportFailed").catch((err) => log.error({ err }, "export not written down"));
    return new Response(`${failure}\n`, {
      status: 500,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
}
