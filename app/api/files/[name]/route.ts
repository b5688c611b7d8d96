import { publicHandler } from "#lib/gates/handler";
import { findFile } from "#lib/letters/campaigns/files";

/** A file that a newsletter links to: always saved, never run in our pages. */
export const GET = publicHandler(async (_, { name = "" }) => {
  const file = /^[\w.-]{1,80}$/.test(name) ? await findFile(name) : null;
  if (!file) return new Response(null, { status: 404 });
  const plain = file.title.normalize("NFD").replace(/[^ -~]/g, "");
  return new Response(file.bytes, {
    headers: {
      "Content-Type": file.type,
      "Content-Disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file.title)}`,
      "Cache-Control": "public, max-age=31536000, immutable",
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "X-Content-Type-Options": "nosniff",
    },
  });
});
