import { getTranslations } from "next-intl/server";
import { publicHandler } from "#lib/gates/handler";
import { idOf } from "#lib/machine/asked";
import { readToken } from "#lib/machine/tokens";
import { followLink } from "#lib/returns/clicks/mutations";
import { isHumanClick } from "#lib/returns/clicks/rules";

const follow = (counts: (request: Request) => boolean) =>
  publicHandler(async (request, { campaign = "", link = "" }) => {
    // Mail programs glue a full stop, a bracket or a quote to a link.
    const [, number] = /^(\d{1,4})(?![\d\p{L}])/u.exec(link) ?? [];
    const known = idOf(campaign);
    const reader = readToken("click", new URL(request.url).searchParams.get("l") ?? "");
    const url = known && number ? await followLink(known, Number(number), counts(request), reader) : null;
    if (!url) return gone();
    return new Response(null, {
      status: 302,
      headers: { Location: url, "Cache-Control": "no-store", "X-Robots-Tag": "noindex" },
    });
  });

async function gone() {
  const t = await getTranslations("unsubscribe.errors");
  const headers = { "Content-Type": "text/plain; charset=utf-8" };
  return new Response(`${t("linkGone")}\n`, { status: 404, headers });
}

/** Public: leads to an address frozen at launch, and counts the click; for nobody, unless the reader whom the link names consents. */
export const GET = follow((request) => isHumanClick(request.headers));
export const HEAD = follow(() => false);
