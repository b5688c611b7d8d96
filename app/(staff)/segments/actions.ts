"use server";
import { action } from "#lib/action";
import { archiveSegment, createSegment, restoreSegment, updateSegment } from "#lib/segments/mutations";
import { segmentId, segmentInput } from "#lib/segments/schema";

export const saveSegment = action("segments.edit", segmentInput, async ({ id, name, criteria }) => {
  if (id === null) {
    const created = await createSegment(name, criteria);
    return { ok: true, goTo: `/segments/${created.id}` };
  }
  return updateSegment(id, name, criteria);
});

export const archive = action("segments.edit", segmentId, ({ id }) => archiveSegment(id));
export const restore = action("segments.edit", segmentId, ({ id }) => restoreSegment(id));
