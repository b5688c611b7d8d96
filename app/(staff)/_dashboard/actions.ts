"use server";
import { action } from "#lib/gates/action";
import { requestSync } from "#lib/sites/sources/mutations";
import { sourceId } from "#lib/sites/sources/schema";

export const synchronise = action("sources.sync", sourceId, ({ id }, user) => requestSync(id, user.id));
