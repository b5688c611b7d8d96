import { z } from "zod";
import { calendarDay, rowId } from "#lib/machine/asked";
import { requiredLine } from "#lib/machine/fields";

/** « 12,15,18 »: more than anybody ticks, fewer than a campaign. */
const ids = z.preprocess((text) => String(text ?? "").split(","), z.array(rowId()).min(1).max(500));

export const cameInput = z.object({ contacts: ids, event: requiredLine(120), on: calendarDay });
export const cameTakenBack = z.object({ ids });
