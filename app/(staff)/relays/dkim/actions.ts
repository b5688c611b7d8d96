"use server";
import { action } from "#lib/gates/action";
import { checkDomain } from "#lib/letters/dkim/domain-records";
import { activateKey, checkKey, createKey, retireKey } from "#lib/letters/dkim/mutations";
import { domainInput, keyInput, ownDomain } from "#lib/letters/dkim/schema";

export const create = action("relays.edit", domainInput, ({ domain, algorithm }, user) =>
  createKey(domain, user.id, new Date(), algorithm),
);
export const check = action("relays.edit", keyInput, async ({ id }) => {
  const checked = await checkKey(id);
  return checked.ok ? { ok: true, data: checked.result } : checked;
});
export const activate = action("relays.edit", keyInput, ({ id }, user) => activateKey(id, user.id));
export const retire = action("relays.edit", keyInput, ({ id }, user) => retireKey(id, user.id));
export const lookUp = action("relays.edit", ownDomain, ({ domain }) => checkDomain(domain));
