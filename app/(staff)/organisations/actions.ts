"use server";
import { findEditor } from "#lib/department/audit/queries";
import { action, theirsOf } from "#lib/gates/action";
import { addAffiliation, removeAffiliation } from "#lib/people/organisations/affiliate";
import * as organisations from "#lib/people/organisations/mutations";
import { findOrganisation } from "#lib/people/organisations/queries";
import {
  affiliationId,
  affiliationInput,
  editedOrganisation,
  organisationId,
  organisationInput,
} from "#lib/people/organisations/schema";

export const create = action("organisations.edit", organisationInput, async (input, user) => {
  const result = await organisations.createOrganisation(input, user.id);
  return result.ok ? { ok: true, goTo: `/organisations/${result.id}` } : result;
});

export const edit = action(
  "organisations.edit",
  editedOrganisation,
  async ({ id, version, ...input }, user) => {
    const result = await organisations.editOrganisation(id, version, input, user.id);
    if (result.ok) return { ok: true, goTo: `/organisations/${id}` };
    const now = result.reason === "conflict" && (await findOrganisation(id));
    if (!now) return result;
    return {
      ...result,
      theirs: theirsOf(now, Object.keys(input), await findEditor("organisation", id, now.updatedAt)),
    };
  },
);

export const archive = action("organisations.edit", organisationId, ({ id }, user) =>
  organisations.archiveOrganisation(id, user.id),
);

export const restore = action("organisations.edit", organisationId, ({ id }, user) =>
  organisations.restoreOrganisation(id, user.id),
);

export const attach = action("organisations.edit", affiliationInput, (input, user) =>
  addAffiliation(input, user.id),
);

export const detach = action("organisations.edit", affiliationId, ({ id }, user) =>
  removeAffiliation(id, user.id),
);
