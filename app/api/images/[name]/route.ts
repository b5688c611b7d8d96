import { publicHandler } from "#lib/gates/handler";
import { findImage } from "#lib/letters/campaigns/images";

/** A picture of a newsletter, for whoever reads it. Named by its content, so it may be kept for ever. */
export const GET = publicHandler(async (_, { name = "" }) => {
  const image = /^[\w.-]{1,80}$/.test(name) ? await findImage(name) : null;
  if (!image) return new Response(null, { status: 404 });
  return new Response(image.bytes, {
    headers: {
      "Content-Type": image.type,
      "Cache-Control": "public, max-age=31536000, immutable",
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "X-Content-Type-Options": "nosniff",
    },
  });
});
