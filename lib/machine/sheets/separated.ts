/** Separated values as spreadsheets of this country write them: UTF-8 or Windows-1252, a semicolon, a comma or a tab. */
import { isUtf8 } from "node:buffer";

/** The text of a file: by its byte order mark, else UTF-8 where the bytes allow it, else Windows-1252. */
export function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder(isUtf8(bytes) ? "utf-8" : "windows-1252").decode(bytes);
}

/**
 * The rows of a text (RFC 4180), every cell as it is written. The separator is the one that the first lines have most of.
 * Rows beyond `most` and cells beyond `mostCells` of a row are left out.
 */
export function readSeparated(text: string, most: number, mostCells = Number.POSITIVE_INFINITY): string[][] {
  const separator = separatorOf(text);
  const rows: string[][] = [];
  let [row, cell, quoted]: [string[], string, boolean] = [[], "", false];
  const endCell = () => {
    if (row.length < mostCells) row.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length && rows.length < most; at++) {
    const character = text[at] as string;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === separator) endCell();
    else if (character === "\n" || character === "\r") {
      if (character === "\r" && text[at + 1] === "\n") at++;
      endCell();
      rows.push(row);
      row = [];
    } else cell += character;
  }
  if ((cell !== "" || row.length > 0) && rows.length < most) {
    endCell();
    rows.push(row);
  }
  return rows;
}

function separatorOf(text: string): string {
  const start = text.slice(0, 4_000).replace(/"[^"]*"/g, "");
  const count = (separator: string) => start.split(separator).length;
  return [";", "\t", ","].reduce((best, one) => (count(one) > count(best) ? one : best));
}
