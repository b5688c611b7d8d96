import { z } from "zod";
import { rowId } from "#lib/machine/asked";
import { requiredLine } from "#lib/machine/fields";

/** Of one person and shared ones together: more is no help to anybody. */
export const mostReplies = 200;

export const replyInput = z.object({
  /** Empty: a new one. */
  id: z.union([z.literal("").transform(() => null), rowId()]).default(null),
  title: requiredLine(80),
  html: z.string("required").max(20_000, "tooLong"),
  shared: z
    .union([z.literal("on").transform(() => true), z.literal("").transform(() => false)])
    .default(false),
});
export type ReplyInput = z.output<typeof replyInput>;
export const replyId = z.object({ id: rowId() });
