"use server";
import { action } from "#lib/action";
import { requestSync } from "#lib/sources/mutations";
import { sourceId } from "#lib/sources/schema";

export const synchronise = action("sources.sync", sourceId, ({ id }, user) => requestSync(id, user.id));
