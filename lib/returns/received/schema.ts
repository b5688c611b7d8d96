import { z } from "zod";
import { pastId, rowId, searched } from "#lib/machine/asked";

/** The tabs of « Retours »; « toHandle » is the replies nobody has marked yet. */
export const views = ["toHandle", "replies", "bounces", "complaints", "automatic", "others"] as const;
export type View = (typeof views)[number];

export const receivedFilter = z.object({
  view: z.enum(views).catch("toHandle"),
  q: searched,
  before: pastId,
});

export const mailInput = z.object({ id: rowId() });
