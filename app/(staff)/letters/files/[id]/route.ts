import { Readable } from "node:stream";
import { handler } from "#lib/gates/handler";
import { findFileFor, findLost, piecesOf } from "#lib/letters/attachments/queries";
import { idOf } from "#lib/machine/asked";

/** A file of one's own draft, or of a letter in a conversation that one may read: always saved, never run in our pages. */
export const GET = handler("letters.read", async (_, user, { id = "" }) => {
  const file = await findFileFor(idOf(id) ?? 0, user);
  if (!file) return new Response(null, { status: 404 });
  // Half a file is no file: its folder may have lost it.
  if (await findLost([file])) return new Response(null, { status: 410 });
  const plain = file.name.normalize("NFD").replace(/[^ -~]/g, "");
  return new Response(Readable.toWeb(Readable.from(piecesOf(file))) as ReadableStream, {
    headers: {
      "Content-Type": file.type,
      "Content-Length": String(file.size),
      "Content-Disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      "Cache-Control": "private, no-store",
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "X-Content-Type-Options": "nosniff",
    },
  });
});
