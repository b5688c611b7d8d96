import { publicHandler } from "#lib/handler";
import { readToken } from "#lib/tokens";
import { unsubscribe } from "#lib/unsubscribe/mutations";

/** One click in the mail program (RFC 8058): no cookie, no page; the signed address says who and from what. */
export const POST = publicHandler(async (request, { token = "" }) => {
  const form = await request.formData().catch(() => null);
  if (form?.get("List-Unsubscribe") !== "One-Click")
    return new Response("List-Unsubscribe=One-Click expected\n", { status: 400 });
  const deliveryId = readToken("unsubscribe", token);
  if (deliveryId !== null) await unsubscribe({ deliveryId, scope: "topic", via: "one_click" });
  return new Response("OK\n", { status: 200, headers: { "Content-Type": "text/plain; charset=utf-8" } });
});

/** Scanners and old mail programs open it: they are shown the page, where nothing happens by itself. */
export const GET = publicHandler(
  async (_request, { token = "" }) =>
    new Response(null, { status: 302, headers: { Location: `/desabonnement/${encodeURIComponent(token)}` } }),
);
