import { getTranslations } from "next-intl/server";
import { publicHandler } from "#lib/gates/handler";
import { readToken, signToken } from "#lib/machine/tokens";
import { followLink } from "#lib/returns/unsubscribe/link";
import { unsubscribe } from "#lib/returns/unsubscribe/mutations";

/**
 * One click in the mail program (RFC 8058): no cookie, no page. The signed address and POST say it all: programs send
 * bodies of every kind, or none, and whoever asks to be left alone is not taught the protocol.
 */
export const POST = publicHandler(async (_request, { token = "" }) => {
  const link = await followLink("unsubscribe", token);
  if (!link.ok) return plain((await getTranslations("unsubscribe.errors"))(link.reason), 404);
  const { deliveryId } = link;
  const result = await unsubscribe({ deliveryId, scope: "topic", via: "one_click" });
  if (result.ok) return plain("OK", 200);
  return plain(
    (await getTranslations("unsubscribe.errors"))(result.reason),
    result.reason === "notFound" ? 404 : 409,
  );
});

const plain = (text: string, status: number) =>
  new Response(`${text}\n`, { status, headers: { "Content-Type": "text/plain; charset=utf-8" } });

/** Scanners and old mail programs open it: they are shown the page, where nothing happens by itself. */
export const GET = publicHandler(async (_request, { token = "" }) => {
  const delivery = readToken("unsubscribe", token);
  const whole = delivery === null ? "" : `/${signToken("unsubscribe", delivery)}`;
  return new Response(null, { status: 302, headers: { Location: `/desabonnement${whole}` } });
});
