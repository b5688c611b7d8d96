"use server";
import { action } from "#lib/gates/action";
import * as follow from "#lib/tax/pledges/follow";
import { solicitByLetter } from "#lib/tax/pledges/letter";
import * as pledges from "#lib/tax/pledges/mutations";
import { tickReminder } from "#lib/tax/pledges/reminders";
import {
  contactLogInput,
  editInput,
  moveInput,
  openInput,
  pledgeInput,
  solicitInput,
  tickInput,
} from "#lib/tax/pledges/schema";

export const create = action("tax.edit", pledgeInput, async (input, user) => {
  const result = await pledges.createPledge(input, user.id);
  return result.ok ? { ok: true, goTo: `/pledges/${result.id}` } : result;
});

export const move = action("tax.edit", moveInput, async (input, user) => {
  const result = await pledges.movePledge(input, user.id);
  return result.ok ? { ok: true, data: { version: result.version } } : result;
});

export const edit = action("tax.edit", editInput, (input, user) => follow.editPledge(input, user.id));

export const log = action("tax.edit", contactLogInput, (input, user) => follow.logContact(input, user.id));

export const tick = action("tax.edit", tickInput, ({ id, rule }) => tickReminder(id, rule));

export const solicit = action("tax.edit", solicitInput, (input, user) => solicitByLetter(input, user.id));

export const open = action("tax.edit", openInput, ({ campaignYear }, user) =>
  follow.openCampaign(campaignYear, user.id),
);
