"use server";
import { action } from "#lib/gates/action";
import { noInput } from "#lib/machine/asked";
import { confirmClock } from "#lib/office/privacy/clock";
import { setRetention } from "#lib/office/privacy/mutations";
import { approveErasures, keepContact } from "#lib/office/privacy/reviews";
import { proposalInput, proposalsInput, retentionInput } from "#lib/office/privacy/schema";

export const saveDurations = action("privacy.manage", retentionInput, (input, user) =>
  setRetention(input, user.id),
);

export const keep = action("privacy.manage", proposalInput, ({ id }, user) => keepContact(id, user.id));

export const approve = action("privacy.manage", proposalsInput, ({ ids }, user) =>
  approveErasures(ids, user.id),
);

export const believe = action("privacy.manage", noInput, (_, user) => confirmClock(user.id));
