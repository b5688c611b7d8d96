import { z } from "zod";
import { pastId, rowId, searched } from "#lib/machine/asked";
import { tidy } from "#lib/machine/text";

/** The tabs of « Retours »; « toHandle » is the replies nobody has marked yet, « toDecide » what proved too little to act. */
export const views = [
  "toHandle",
  "toDecide",
  "replies",
  "bounces",
  "complaints",
  "automatic",
  "others",
] as const;
export type View = (typeof views)[number];

export const receivedFilter = z.object({
  view: z.enum(views).catch("toHandle"),
  q: searched,
  before: pastId,
});

export const mailInput = z.object({ id: rowId() });
export const decisionInput = z.object({
  id: rowId(),
  accepted: z.enum(["yes", "no"]).transform((one) => one === "yes"),
});
export const overturnInput = z.object({
  id: rowId(),
  why: z.string().overwrite(tidy).min(3, "required").max(300, "tooLong"),
});
export const startInput = z.object({});
export const rejudgeInput = z.object({ id: rowId() });
export const rejudgedPage = z.object({ after: pastId });
