"use server";
import { findEditor } from "#lib/department/audit/queries";
import { action, theirsOf } from "#lib/gates/action";
import * as rates from "#lib/tax/rates/mutations";
import { bandsInput, rateInput, verifiedInput } from "#lib/tax/rates/schema";
import * as years from "#lib/tax/years/mutations";
import { eurosOf, findTaxYear, inForce, listMilestones } from "#lib/tax/years/queries";
import { milestoneKinds } from "#lib/tax/years/rules";
import { calendarInput, establishmentInput } from "#lib/tax/years/schema";

export const saveEstablishment = action("settings.edit", establishmentInput, async (input, user) => {
  const result = await years.saveEstablishment(input, user.id);
  const now = !result.ok && (await findTaxYear(input.campaignYear));
  if (!now) return result;
  const by = await findEditor("settings", 1, now.updatedAt);
  const shown = { ...now, goal: eurosOf(now.goalCents), hourly: eurosOf(now.hourlyCents) };
  return { ...result, theirs: theirsOf(shown, ["uai", "accreditedUntil", "goal", "hourly", "uses"], by) };
});

export const recordRate = action("settings.edit", rateInput, (input, user) =>
  rates.recordRate(input, user.id),
);

export const recordBands = action("settings.edit", bandsInput, (input, user) =>
  rates.recordRate(input, user.id),
);

export const verifyYear = action("settings.edit", verifiedInput, (input, user) =>
  rates.verifyYear(input, user.id),
);

export const saveCalendar = action("settings.edit", calendarInput, async (input, user) => {
  const result = await years.saveCalendar(input, user.id);
  if (result.ok || result.reason !== "conflict") return result;
  const now = inForce(await listMilestones(input.campaignYear));
  return now ? { ...result, theirs: theirsOf({ ...now, ...now.days }, milestoneKinds, now.by) } : result;
});
