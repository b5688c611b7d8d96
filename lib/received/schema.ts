import { z } from "zod";

/** The tabs of « Retours »; « toHandle » is the replies nobody has marked yet. */
export const views = ["toHandle", "replies", "bounces", "complaints", "automatic", "others"] as const;
export type View = (typeof views)[number];

export const receivedFilter = z.object({
  view: z.enum(views).catch("toHandle"),
  q: z.string().trim().max(200).catch(""),
  before: z.coerce.number().int().positive().optional().catch(undefined),
});

export const mailInput = z.object({ id: z.coerce.number().int().positive() });
