"use server";
import { action } from "#lib/gates/action";
import * as donors from "#lib/tax/transfers/donors";
import { storeFile as store } from "#lib/tax/transfers/files";
import * as transfers from "#lib/tax/transfers/mutations";
import {
  acceptInput,
  bankInput,
  donorInput,
  fileId,
  lineId,
  newDonorInput,
  storeInput,
} from "#lib/tax/transfers/schema";

export const storeFile = action("tax.edit", storeInput, async (input, user) => {
  const stored = await store(input, user.id);
  return stored.ok ? { ok: true, goTo: `/transfers?year=${stored.campaignYear}&stored` } : stored;
});

export const undoImport = action("tax.edit", fileId, ({ id }, user) => transfers.undoImport(id, user.id));

export const noteBank = action("tax.edit", bankInput, (input, user) => transfers.noteBank(input, user.id));

export const acceptMatches = action("tax.edit", acceptInput, (input, user) =>
  transfers.acceptMatches(input, user.id),
);

export const undoMatch = action("tax.edit", lineId, ({ id }, user) => transfers.undoMatch(id, user.id));

export const createDonor = action("tax.edit", newDonorInput, ({ id, name }, user) =>
  donors.createDonor(id, name, user.id),
);

export const assignDonor = action("tax.edit", donorInput, ({ id, organisationId }, user) =>
  donors.assignDonor(id, organisationId, user.id),
);
