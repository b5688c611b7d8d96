"use server";
import { findEditor } from "#lib/department/audit/queries";
import { action, theirsOf } from "#lib/gates/action";
import * as costs from "#lib/tax/costs/mutations";
import { costId, costInput } from "#lib/tax/costs/schema";
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
  thanksInput,
  tickInput,
} from "#lib/tax/pledges/schema";
import { thankDonors } from "#lib/tax/pledges/thanks";
import { saveThanks } from "#lib/tax/years/mutations";
import { findTaxYear } from "#lib/tax/years/queries";
import { thanksTextInput } from "#lib/tax/years/schema";

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

export const recordCost = action("tax.edit", costInput, (input, user) => costs.recordCost(input, user.id));

export const removeCost = action("tax.edit", costId, ({ id }, user) => costs.removeCost(id, user.id));

export const thank = action("tax.edit", thanksInput, (input, user) => thankDonors(input, user.id));

export const saveNote = action("tax.edit", thanksTextInput, async (input, user) => {
  const result = await saveThanks(input, user.id);
  const now = !result.ok && (await findTaxYear(input.campaignYear));
  if (!now) return result;
  return { ...result, theirs: theirsOf(now, ["thanks"], await findEditor("settings", 1, now.updatedAt)) };
});
