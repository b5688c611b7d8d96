import { followLink } from "#lib/clicks/mutations";
import { isHumanClick } from "#lib/clicks/rules";
import { publicHandler } from "#lib/handler";

const follow = (counts: (request: Request) => boolean) =>
  publicHandler(async (request, { campaign = "", link = "" }) => {
    const known = /^[1-9]\d{0,8}$/.test(campaign) && /^\d{1,4}$/.test(link);
    const url = known ? await followLink(Number(campaign), Number(link), counts(request)) : null;
    if (!url) return new Response("Not found\n", { status: 404 });
    return new Response(null, {
      status: 302,
      headers: { Location: url, "Cache-Control": "no-store", "X-Robots-Tag": "noindex" },
    });
  });

/** Public: leads to an address frozen at launch, and counts the click for nobody. */
export const GET = follow((request) => isHumanClick(request.headers));
export const HEAD = follow(() => false);
