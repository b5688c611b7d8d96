import { handler } from "#lib/gates/handler";
import { idOf } from "#lib/machine/asked";
import { findReceivedFile } from "#lib/returns/received/enclosed";

/** A file that came with a mail one may read: always saved, as bytes of no kind, never run in our pages. */
export const GET = handler("replies.read", async (_, user, { id = "", n = "" }) => {
  const file = /^\d{1,2}$/.test(n) ? await findReceivedFile(idOf(id) ?? 0, Number(n), user) : null;
  if (!file) return new Response(null, { status: 404 });
  const plain = file.name.normalize("NFD").replace(/[^ -~]/g, "");
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Length": String(file.bytes.length),
      "Content-Disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      "Cache-Control": "private, no-store",
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "X-Content-Type-Options": "nosniff",
    },
  });
});
