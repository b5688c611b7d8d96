"use server";
import { getTranslations } from "next-intl/server";
import { publicAction } from "#lib/gates/action";
import type { Result } from "#lib/machine/result";
import { signToken } from "#lib/machine/tokens";
import { proposeCorrection } from "#lib/returns/corrections/mutations";
import { correctionInput } from "#lib/returns/corrections/schema";
import { setClickConsent } from "#lib/returns/unsubscribe/clicks";
import { followLink } from "#lib/returns/unsubscribe/link";
import { choosePreferences, resubscribe, unsubscribe } from "#lib/returns/unsubscribe/mutations";
import { setPause } from "#lib/returns/unsubscribe/pause";
import { preferencesInput, tokenInput } from "#lib/returns/unsubscribe/schema";

/** Only what was written is said to be: a link that cannot be read is refused. */
export const savePreferences = publicAction(preferencesInput, async ({ token, topics }) => {
  const link = await followLink("preferences", token);
  if (!link.ok) return link;
  const result = await choosePreferences({ deliveryId: link.deliveryId, topicIds: topics });
  return result.ok
    ? { ok: true, goTo: `/preferences/${signToken("preferences", link.delivery)}?fait=${topics.join(".")}` }
    : result;
});

/** One act on the reader of a link, which then shows how they stand. */
const act = (work: (deliveryId: number) => Promise<Result>, shows = "") =>
  publicAction(tokenInput, async ({ token }) => {
    const link = await followLink("preferences", token);
    if (!link.ok) return link;
    const result = await work(link.deliveryId);
    const goTo = `/preferences/${signToken("preferences", link.delivery)}${shows}`;
    return result.ok ? { ok: true, goTo } : result;
  });

export const stopAll = act((deliveryId) => unsubscribe({ deliveryId, scope: "all", via: "page" }));
export const comeBack = act((deliveryId) => resubscribe({ deliveryId, scope: "all" }));
export const pause = act((deliveryId) => setPause(deliveryId, true));
export const resume = act((deliveryId) => setPause(deliveryId, false));

/** What is kept as proof is what the page asked, word for word. */
export const allowClicks = act(async (deliveryId) =>
  setClickConsent(deliveryId, (await getTranslations("unsubscribe.clicks"))("text")),
);
export const refuseClicks = act((deliveryId) => setClickConsent(deliveryId, null), "?clics=refus");

export const correct = publicAction(correctionInput, async ({ token, ...said }) => {
  const link = await followLink("preferences", token);
  return link.ok ? proposeCorrection(link.deliveryId, said) : link;
});
