"use server";
import { action } from "#lib/action";
import * as contacts from "#lib/contacts/mutations";
import {
  addressId,
  contactId,
  editedContact,
  newAddress,
  newContact,
  subscriptionInput,
} from "#lib/contacts/schema";
import { changeSubscription } from "#lib/contacts/subscribe";
import { addAffiliation, removeAffiliation } from "#lib/organisations/affiliate";
import { affiliationId, affiliationInput } from "#lib/organisations/schema";

export const create = action("contacts.edit", newContact, async (input, user) => {
  const result = await contacts.createContact(input, user.id);
  return result.ok ? { ok: true, goTo: `/contacts/${result.id}` } : result;
});

export const edit = action("contacts.edit", editedContact, async ({ id, version, ...input }, user) => {
  const result = await contacts.editContact(id, version, input, user.id);
  return result.ok ? { ok: true, goTo: `/contacts/${id}` } : result;
});

export const archive = action("contacts.edit", contactId, ({ id }, user) =>
  contacts.archiveContact(id, user.id),
);

export const restore = action("contacts.edit", contactId, ({ id }, user) =>
  contacts.restoreContact(id, user.id),
);

export const addAddress = action("contacts.edit", newAddress, (input, user) =>
  contacts.addAddress(input.contactId, input.email, user.id),
);

export const removeAddress = action("contacts.edit", addressId, ({ id }, user) =>
  contacts.removeAddress(id, user.id),
);

export const makePrimary = action("contacts.edit", addressId, ({ id }, user) =>
  contacts.makePrimary(id, user.id),
);

export const subscribe = action("subscriptions.edit", subscriptionInput, (input, user) =>
  changeSubscription(input, user.id),
);

export const affiliate = action("contacts.edit", affiliationInput, (input, user) =>
  addAffiliation(input, user.id),
);

export const unaffiliate = action("contacts.edit", affiliationId, ({ id }, user) =>
  removeAffiliation(id, user.id),
);
