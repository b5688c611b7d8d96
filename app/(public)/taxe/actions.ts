"use server";
import { getLocale } from "next-intl/server";
import { publicAction } from "#lib/gates/action";
import { visitor } from "#lib/gates/session";
import { readToken, signToken } from "#lib/machine/tokens";
import { networkOf } from "#lib/office/users/rules";
import { askPromise, confirmPromise } from "#lib/tax/promises/mutations";
import { confirmInput, promiseInput } from "#lib/tax/promises/schema";
import { findRates } from "#lib/tax/rates/queries";
import { visitorInput } from "#lib/tax/simulator/schema";
import { promisedYear } from "#lib/tax/simulator/simulate";

/** Only writes to the address it was given: nothing counts before somebody there confirms. */
export const promise = publicAction(promiseInput, async (input) => {
  const { campaignYear, soldeCents } = promisedYear(
    visitorInput.safeParse(input).data ?? null,
    new Date(),
    await findRates(),
  );
  const locale = (await getLocale()) === "en" ? "en" : "fr";
  const { network } = await visitor();
  const asked = await askPromise({
    ...input,
    campaignYear,
    soldeCents,
    locale,
    // A stranger's whole site: nobody is known here.
    network: networkOf(network, 48),
  });
  return asked.ok ? { ok: true, goTo: "/promesse" } : asked;
});

export const confirm = publicAction(confirmInput, async ({ token }) => {
  const confirmed = await confirmPromise(token);
  const name = readToken("promise", token);
  return confirmed.ok && name !== null
    ? { ok: true, goTo: `/promesse/${signToken("promise", name)}` }
    : confirmed;
});
