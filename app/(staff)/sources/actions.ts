"use server";
import { action } from "#lib/action";
import type { ActsOn } from "#lib/audit/actions";
import { recordAudit } from "#lib/audit/mutations";
import * as sources from "#lib/sources/mutations";
import { sourceEdit, sourceId, sourceInput } from "#lib/sources/schema";

const audit = (userId: number, verb: ActsOn<"source">, subjectId: number) =>
  recordAudit({ userId, action: `source.${verb}`, subject: "source", subjectId });

export const sync = action("sources.sync", sourceId, async ({ id }, user) => {
  const result = await sources.requestSync(id, user.id);
  return result.ok ? { ok: true, goTo: `/sources/runs/${result.runId}` } : result;
});

export const create = action("sources.edit", sourceInput, async (input, user) => {
  const result = await sources.createSource(input);
  if (!result.ok) return { ok: false, fields: { key: result.reason } };
  await audit(user.id, "created", result.id);
  return { ok: true, goTo: `/sources/${result.id}` };
});

export const edit = action("sources.edit", sourceEdit, async ({ id, ...input }, user) => {
  const result = await sources.editSource(id, input);
  if (!result.ok) return result;
  await audit(user.id, "edited", id);
  return { ok: true, goTo: `/sources/${id}` };
});

export const archive = action("sources.edit", sourceId, async ({ id }, user) => {
  const result = await sources.archiveSource(id);
  if (result.ok) await audit(user.id, "archived", id);
  return result;
});

export const restore = action("sources.edit", sourceId, async ({ id }, user) => {
  const result = await sources.restoreSource(id);
  if (result.ok) await audit(user.id, "restored", id);
  return result;
});
