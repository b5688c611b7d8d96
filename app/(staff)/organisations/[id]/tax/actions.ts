"use server";
import { action } from "#lib/gates/action";
import * as companies from "#lib/tax/companies/mutations";
import { declaredInput, estimatedInput, stanceInput } from "#lib/tax/companies/schema";
import * as follow from "#lib/tax/pledges/follow";
import { directPaymentInput, returnedInput } from "#lib/tax/pledges/schema";

export const declare = action("tax.edit", declaredInput, (input, user) =>
  companies.declareBase(input, user.id),
);

export const estimate = action("tax.edit", estimatedInput, (input, user) =>
  companies.estimateFrom(input, user.id),
);

export const setStance = action("tax.edit", stanceInput, (input, user) =>
  companies.setStance(input, user.id),
);

export const recordDirectPayment = action("tax.edit", directPaymentInput, (input, user) =>
  follow.recordDirectPayment(input, user.id),
);

export const returnPayment = action("tax.edit", returnedInput, ({ id, returnedOn }, user) =>
  follow.returnDirectPayment(id, returnedOn, user.id),
);
