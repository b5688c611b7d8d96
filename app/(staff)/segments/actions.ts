"use server";
import { action } from "#lib/gates/action";
import { archiveSegment, createSegment, restoreSegment, updateSegment } from "#lib/people/segments/mutations";
import { segmentId, segmentInput } from "#lib/people/segments/schema";

export const saveSegment = action("segments.edit", segmentInput, async ({ id, name, criteria }, user) => {
  if (id === null) {
    const created = await createSegment(name, criteria, user.id);
    return { ok: true, goTo: `/segments/${created.id}` };
  }
  return updateSegment(id, name, criteria, user.id);
});

export const archive = action("segments.edit", segmentId, ({ id }, user) => archiveSegment(id, user.id));
export const restore = action("segments.edit", segmentId, ({ id }, user) => restoreSegment(id, user.id));
