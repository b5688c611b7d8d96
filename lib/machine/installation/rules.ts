/** Pure: whether this database is the one whose life went on, or one put back from before. */
import { isAhead, type Witness } from "./witness.ts";

/** Longer without any worker than this, and a database and its witness may both have been put back together. */
export const silenceMinutes = 15;

/** Why what leaves is held. */
export type Why = "behind" | "absent" | "timeline" | "silent" | "copied" | "restored";

export type Found = {
  /** Null: no worker ever ran on it. */
  uuid: string | null;
  generation: number;
  beat: number;
  /** Minutes since the last sign of life, by the database's clock. */
  silence: number | null;
  /** PostgreSQL's, as of that sign; it changes when a standby takes over or an archive is replayed to some moment. */
  timeline: number | null;
  currentTimeline: number | null;
  heldWhy: Why | null;
  /** A campaign is under way or due. */
  due: boolean;
};

/** `renew`: nothing to hold, but numbers of before may have been dealt by a life that nobody remembers. */
export type Verdict = "ok" | "first" | "renew" | "held" | { hold: Exclude<Why, "copied" | "restored"> };

export function judge(found: Found, witness: Witness | null): Verdict {
  if (found.heldWhy) return "held";
  if (found.uuid === null) return "first";
  if (found.timeline !== null && found.timeline !== found.currentTimeline) return { hold: "timeline" };
  if (!witness) return { hold: "absent" };
  if (isAhead(witness, found)) return { hold: "behind" };
  if (found.silence !== null && found.silence > silenceMinutes)
    return found.due ? { hold: "silent" } : "renew";
  return "ok";
}
