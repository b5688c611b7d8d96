import { z } from "zod";
import { pastId, rowId, searched } from "#lib/machine/asked";
import { tidy } from "#lib/machine/text";

/** The tabs of « Messagerie »; `drafts` are one's own. */
export const views = ["toDo", "mine", "waiting", "done", "drafts"] as const;
export type View = (typeof views)[number];

/** How we know that a mail belongs to its thread, surest first. */
export const surenesses = ["reference", "elsewhere", "address", "new"] as const;
export type Sureness = (typeof surenesses)[number];

export const inboxFilter = z.object({
  view: z.enum(views).catch("toDo"),
  q: searched,
  before: pastId,
});

export const threadInput = z.object({ id: rowId() });
/** `userId` 0: nobody. */
export const assignInput = z.object({ id: rowId(), userId: z.coerce.number().int().min(0) });
export const snoozeInput = z.object({ id: rowId(), days: z.coerce.number().int().min(1).max(90) });
export const noteInput = z.object({
  id: rowId(),
  text: z.string().overwrite(tidy).min(1, "required").max(2_000, "tooLong"),
});
