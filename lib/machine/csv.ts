/** Comma-separated values as RFC 4180 and spreadsheets understand them; a semicolon, as French ones expect. */
import { log } from "#lib/machine/log";

/**
 * One line. Every text is quoted, and what a spreadsheet would run as a formula (= + - @, tab, return; wide forms too)
 * is kept text by an apostrophe, after a separator as well: not every program cuts where we do.
 */
export const csvLine = (cells: (string | number | Date | null)[]): string =>
  `${cells.map(csvCell).join(";")}\r\n`;

/** Instants in ISO 8601. */
function csvCell(cell: string | number | Date | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  if (cell instanceof Date) return cell.toISOString();
  return `"${cell.replace(opening, "'").replace(afterSeparator, "$1'").replaceAll('"', '""')}"`;
}

const opening = /^(?=[\t\r]|\s*[=+\-@＝＋－＠])/;
const afterSeparator = /([;,|\t\r\n]\s*)(?=[=+\-@＝＋－＠])/g;

type Download = {
  filename: string;
  /** Of another text than CSV. */
  type?: string;
  /** What is answered when nothing could be read. */
  failure: string;
  /** Writes down what became of it, before the first byte and when it breaks midway. */
  journal?: (what: "exported" | "exportFailed") => Promise<void>;
};

/**
 * A streamed download, whose first chunk holds the first rows. Nothing is answered before they were read: a file that
 * cannot start is an error, and one that breaks midway breaks the connection rather than look complete.
 */
export async function csvResponse(lines: AsyncGenerator<string>, download: Download): Promise<Response> {
  const { filename, type = "text/csv", failure, journal } = download;
  const failed = async (error: unknown) => {
    log.error({ err: error }, "export failed");
    await journal?.("exportFailed").catch((err) => log.error({ err }, "export not written down"));
  };
  let first: IteratorResult<string>;
  try {
    first = await lines.next();
  } catch (error) {
    await failed(error);
    return new Response(`${failure}\n`, {
      status: 500,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
  await journal?.("exported");
  return new Response(stream(first, lines, failed), {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="${filename}"`,
      "cache-control": "no-store",
    },
  });
}

function stream(
  first: IteratorResult<string>,
  lines: AsyncGenerator<string>,
  failed: (error: unknown) => Promise<void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let ahead: IteratorResult<string> | null = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = ahead ?? (await lines.next());
        ahead = null;
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        await failed(error);
        controller.error(error);
      }
    },
    cancel: async () => void (await lines.return(undefined)),
  });
}
