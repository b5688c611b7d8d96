/** Comma-separated values as RFC 4180 and spreadsheets understand them; a semicolon, as French ones expect. */

/** One line. A cell that a spreadsheet would run as a formula (= + - @, tab, return) is kept text by an apostrophe. */
export const csvLine = (cells: (string | number | Date | null)[]): string =>
  `${cells.map(csvCell).join(";")}\r\n`;

/** Instants in ISO 8601. */
function csvCell(cell: string | number | Date | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  if (cell instanceof Date) return cell.toISOString();
  const harmless = /^(?:[\t\r]|\s*[=+\-@])/.test(cell) ? `'${cell}` : cell;
  return /[";\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A streamed download. */
export function csvResponse(lines: AsyncGenerator<string>, filename: string): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => void (await lines.return(undefined)),
  });
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${filename}"`,
      "cache-control": "no-store",
    },
  });
}
