import { z } from "zod";
import { calendarDay, rowId } from "#lib/machine/asked";
import { requiredLine } from "#lib/machine/fields";

/** The tabs of « Tâches ». */
export const taskViews = ["open", "late", "today", "coming", "done"] as const;

const optionalId = z.preprocess((value) => (value === "" ? undefined : value), rowId("required").optional());
const optionalTime = z
  .union([z.literal(""), z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "tasks.errors.time")])
  .optional()
  .transform((time) => time || null);

const told = {
  title: requiredLine(200),
  ownerId: rowId("required"),
  dueOn: calendarDay,
  dueTime: optionalTime,
};

export const newTask = z.object({
  ...told,
  contactId: optionalId,
  organisationId: optionalId,
  receivedMailId: optionalId,
  awaitsId: optionalId,
});

const seen = { id: rowId(), version: z.coerce.number().int().min(1).max(2_147_483_647) };

export const taskId = z.object({ id: rowId() });
export const editedTask = z.object({ ...seen, ...told });
export const postponedTask = z.object({ ...seen, dueOn: calendarDay, to: z.enum(["tomorrow", "monday"]) });
export const givenTask = z.object({ ...seen, ownerId: rowId("required") });
/** What a move or a gift takes back. */
export const putBackTask = z.object({ ...seen, ownerId: rowId(), dueOn: calendarDay });

/** The address bar of the list; anything odd in it is ignored. `owner`: an id, « all », or empty for one’s own. */
export const taskSearch = z.object({
  view: z.enum(taskViews).catch("open"),
  owner: z
    .union([z.literal("all"), rowId()])
    .or(z.literal(""))
    .catch(""),
  after: z.string().optional().catch(undefined),
  before: z.string().optional().catch(undefined),
});
export type TaskSearch = z.output<typeof taskSearch>;
