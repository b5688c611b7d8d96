"use server";
import { findEditor } from "#lib/department/audit/queries";
import { action, theirsOf } from "#lib/gates/action";
import { eraseContact } from "#lib/office/privacy/erase";
import { erasureInput } from "#lib/office/privacy/schema";
import { recordCame, takeBackCame } from "#lib/people/activities/came";
import { cameInput, cameTakenBack } from "#lib/people/activities/schema";
import * as contacts from "#lib/people/contacts/mutations";
import { findContact } from "#lib/people/contacts/queries";
import {
  addressId,
  contactId,
  correctedAddress,
  editedContact,
  newAddress,
  newContact,
  subscriptionInput,
} from "#lib/people/contacts/schema";
import { addAffiliation, removeAffiliation } from "#lib/people/organisations/affiliate";
import { affiliationId, affiliationInput } from "#lib/people/organisations/schema";
import { changeSubscription } from "#lib/people/subscriptions/by-staff";

export const create = action("contacts.edit", newContact, async (input, user) => {
  const result = await contacts.createContact(input, user.id);
  return result.ok ? { ok: true, goTo: `/contacts/${result.id}` } : result;
});

export const edit = action("contacts.edit", editedContact, async ({ id, version, ...input }, user) => {
  const result = await contacts.editContact(id, version, input, user.id);
  if (result.ok) return { ok: true, goTo: `/contacts/${id}` };
  const now = result.reason === "conflict" && (await findContact(id));
  if (!now) return result;
  return {
    ...result,
    theirs: theirsOf(now, Object.keys(input), await findEditor("contact", id, now.updatedAt)),
  };
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

export const correctAddress = action("contacts.edit", correctedAddress, ({ id, email }, user) =>
  contacts.correctAddress(id, email, user.id),
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

export const came = action("contacts.edit", cameInput, async ({ contacts, ...event }, user) => {
  const result = await recordCame(contacts, event, user.id);
  return result.ok ? { ok: true, data: { undo: { ids: result.ids.join() } } } : result;
});

export const takeBack = action("contacts.edit", cameTakenBack, ({ ids }, user) => takeBackCame(ids, user.id));

export const affiliate = action("contacts.edit", affiliationInput, (input, user) =>
  addAffiliation(input, user.id),
);

export const unaffiliate = action("contacts.edit", affiliationId, ({ id }, user) =>
  removeAffiliation(id, user.id),
);

/** The name was typed as it stands on the page; spaces and capitals do not matter. */
export const erase = action("contacts.erase", erasureInput, async ({ id, why, name, typed }, user) => {
  if (plain(typed) !== plain(name)) return { ok: false, fields: { typed: "privacy.errors.typed" } };
  const result = await eraseContact(id, why, user.id);
  return result.ok ? { ok: true, goTo: "/contacts" } : result;
});

const plain = (text: string) => text.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
