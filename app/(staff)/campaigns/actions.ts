"use server";
import { refresh } from "next/cache.js";
import { z } from "zod";
import { type ActionState, action } from "#lib/gates/action";
import { draftFields } from "#lib/letters/campaigns/form";
import {
  archiveCampaign,
  cancelCampaign,
  createCampaign,
  duplicateCampaign,
  pauseCampaign,
  requestLaunch,
  restoreCampaign,
  resumeCampaign,
  saveDraft,
  scheduleCampaign,
  unscheduleCampaign,
} from "#lib/letters/campaigns/mutations";
import { findCampaign } from "#lib/letters/campaigns/queries";
import {
  campaignId,
  createInput,
  launchInput,
  saveInput,
  scheduleInput,
  testInput,
} from "#lib/letters/campaigns/schema";
import { sendTest } from "#lib/letters/campaigns/test-send";
import { settleInput } from "#lib/letters/deliveries/schema";
import { settleUnknown } from "#lib/letters/deliveries/unknown";
import type { Refusal } from "#lib/machine/result";
import { applyIntent } from "./[id]/compose/edits.ts";

export const create = action("campaigns.edit", createInput, async ({ model, name }, user) => {
  const { id } = await createCampaign(model, name, user.id);
  return { ok: true, goTo: `/campaigns/${id}/compose` };
});

/** Saves the composer; a button of it may also move, add or remove a block, or go on to the review. */
export const save = action("campaigns.edit", saveInput, async ({ id, version, intent, ...draft }) => {
  const blocks = applyIntent(draft.blocks, intent);
  const result = await saveDraft(id, version, { ...draft, blocks });
  if (!result.ok) return result.reason === "conflict" ? conflicting(id, result) : result;
  if (intent === "review") return { ok: true, goTo: `/campaigns/${id}/review` };
  return { ok: true, data: { version: result.version, savedAt: result.savedAt.toISOString() } };
});

/** The refusal with the version that was saved meanwhile. */
async function conflicting(id: number, refusal: Refusal): Promise<ActionState> {
  const now = await findCampaign(id);
  if (!now) return refusal;
  const theirs = {
    version: String(now.version),
    at: now.updatedAt.toISOString(),
    values: draftFields(now),
    by: null,
  };
  return { ...refusal, theirs };
}

export const test = action("campaigns.edit", testInput, ({ id, to, sampleId }, user) =>
  sendTest(id, to, sampleId, user.id),
);

/** The page that confirmed another number is shown the new one. */
function shownAgain(result: ActionState): ActionState {
  if (result && !result.ok && "reason" in result && result.reason === "audienceChanged") refresh();
  return result;
}

export const launch = action("campaigns.send", launchInput, async ({ id, seen }, user) => {
  const result = await requestLaunch(id, seen, user.id);
  return result.ok ? { ok: true, goTo: `/campaigns/${id}` } : shownAgain(result);
});

export const schedule = action("campaigns.send", scheduleInput, async ({ id, seen, at }, user) => {
  const result = await scheduleCampaign(id, seen, at, user.id);
  return result.ok ? { ok: true, goTo: `/campaigns/${id}` } : shownAgain(result);
});

export const unschedule = action("campaigns.send", campaignId, ({ id }, user) =>
  unscheduleCampaign(id, user.id),
);
export const pause = action("campaigns.send", campaignId, ({ id }, user) => pauseCampaign(id, user.id));
export const resume = action("campaigns.send", campaignId, ({ id }, user) => resumeCampaign(id, user.id));
export const cancel = action("campaigns.send", campaignId, ({ id }, user) => cancelCampaign(id, user.id));
export const archive = action("campaigns.edit", campaignId, ({ id }, user) => archiveCampaign(id, user.id));
export const restore = action("campaigns.edit", campaignId, ({ id }, user) => restoreCampaign(id, user.id));

const copyInput = campaignId.extend({ name: z.string().trim().min(1).max(140) });

export const duplicate = action("campaigns.edit", copyInput, async ({ id, name }, user) => {
  const copy = await duplicateCampaign(id, name.slice(0, 120), user.id);
  return copy.ok ? { ok: true, goTo: `/campaigns/${copy.id}/compose` } : copy;
});

const settleAll = campaignId.extend(settleInput.shape);

/** One decision for every delivery of unknown outcome, or for one of them. */
export const settle = action("deliveries.settle", settleAll, ({ id, decision, deliveryId }, user) =>
  settleUnknown(id, decision, user.id, deliveryId),
);
