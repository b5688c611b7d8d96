import { findLogo } from "#lib/department/settings/queries";
import { publicHandler } from "#lib/gates/handler";

/** The department's logo: on the sign-in page, in newsletters. Its address changes with it, so it may be kept. */
export const GET = publicHandler(async () => {
  const logo = await findLogo();
  if (!logo) return new Response(null, { status: 404 });
  return new Response(logo.bytes, {
    headers: {
      "Content-Type": logo.type,
      "Cache-Control": "public, max-age=31536000, immutable",
      "Content-Security-Policy": "default-src 'none'; sandbox",
    },
  });
});
