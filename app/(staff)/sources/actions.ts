"use server";
import { action } from "#lib/gates/action";
import { checkSite } from "#lib/sites/sources/check";
import * as sources from "#lib/sites/sources/mutations";
import { sampleSource } from "#lib/sites/sources/sample";
import {
  decisionInput,
  dialectInput,
  mappingInput,
  sampleInput,
  sourceEdit,
  sourceId,
  sourceInput,
} from "#lib/sites/sources/schema";

export const sync = action("sources.sync", sourceId, async ({ id }, user) => {
  const result = await sources.requestSync(id, user.id);
  return result.ok ? { ok: true, goTo: `/sources/runs/${result.runId}` } : result;
});

export const create = action("sources.edit", sourceInput, async (input, user) => {
  const result = await sources.createSource(input, user.id);
  if (!result.ok)
    return result.reason === "keyTaken" ? { ok: false, fields: { key: result.reason } } : result;
  return { ok: true, goTo: `/sources/${result.id}` };
});

export const edit = action("sources.edit", sourceEdit, async ({ id, ...input }, user) => {
  const result = await sources.editSource(id, input, user.id);
  return result.ok ? { ok: true, goTo: `/sources/${id}` } : result;
});

export const map = action("sources.edit", mappingInput, (input, user) => sources.mapSource(input, user.id));

export const translate = action("sources.edit", dialectInput, (input, user) =>
  sources.translateSource(input, user.id),
);

export const sample = action("sources.edit", sampleInput, (input) => sampleSource(input));

export const check = action("sources.edit", sourceId, ({ id }) => checkSite(id));

export const archive = action("sources.edit", sourceId, ({ id }, user) => sources.archiveSource(id, user.id));
export const restore = action("sources.edit", sourceId, ({ id }, user) => sources.restoreSource(id, user.id));

export const decide = action("sources.sync", decisionInput, ({ id, ...decision }, user) =>
  sources.decideChanges(id, decision, user.id),
);

const toRun = (result: Awaited<ReturnType<typeof sources.applyDecision>>) =>
  result.ok ? { ok: true as const, goTo: `/sources/runs/${result.runId}` } : result;

export const applyDecision = action("sources.sync", sourceId, async ({ id }, user) =>
  toRun(await sources.applyDecision(id, user.id)),
);

export const replay = action("sources.sync", sourceId, async ({ id }, user) =>
  toRun(await sources.replayRun(id, user.id)),
);

export const cancel = action("sources.sync", sourceId, ({ id }, user) => sources.cancelRun(id, user.id));

export const undo = action("sources.sync", sourceId, ({ id }, user) => sources.undoRun(id, user.id));
