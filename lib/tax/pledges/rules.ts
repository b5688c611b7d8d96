/** The life of a pledge: which state follows which, what it must say there, and what it is expected to bring. */
import { divide, percentOf } from "#lib/tax/rules/exact";
import { figureAt, type Rates } from "#lib/tax/rules/rates";

/** In the order of the board. */
export const pledgeStates = [
  "to_solicit",
  "solicited",
  "pledged",
  "allocated",
  "received",
  "thanked",
  "refused",
  "lapsed",
  "unallocated",
] as const;
export type PledgeState = (typeof pledgeStates)[number];

/** Why an organisation is never asked: SQL says it (`unsolicited_because`). */
export const unsolicitedReasons = ["alsaceMoselle", "undisclosed", "asked", "notLiable", "other"] as const;
export type UnsolicitedReason = (typeof unsolicitedReasons)[number];

/** Where a person may move a pledge. Nothing leads to `received`: matched transfers do (`applyReceipts`). */
const moves: Record<PledgeState, readonly PledgeState[]> = {
  to_solicit: ["solicited", "pledged", "allocated", "refused"],
  solicited: ["to_solicit", "pledged", "allocated", "refused", "unallocated"],
  pledged: ["solicited", "allocated", "refused", "lapsed", "unallocated"],
  allocated: ["pledged", "refused", "lapsed", "unallocated"],
  received: ["thanked"],
  thanked: [],
  refused: ["to_solicit", "solicited", "pledged", "allocated"],
  lapsed: ["solicited", "pledged", "allocated"],
  unallocated: ["solicited", "pledged", "allocated"],
};

export const movesFrom = (from: PledgeState): readonly PledgeState[] => moves[from];

export type Move = {
  from: PledgeState;
  to: PledgeState;
  unsolicited: UnsolicitedReason | null;
  covers: "siret" | "siren";
  /** What the pledge would hold after the move. */
  share: number | null;
  expected: boolean;
  why: string;
  /** A day of Paris, `2026-11-27`. */
  today: string;
  /** When period 2 closes and the second transfer comes; null: nobody knows. */
  period2Closes: string | null;
  transfer2: string | null;
  campaignYear: number;
};

export type MoveFault =
  | "unchanged"
  | "onlyTransfers"
  | "notFrom"
  | "unsolicited"
  | "noSolde"
  | "needsShare"
  | "needsWhy"
  | "tooEarly";

/** Why this move may not be made, or null. */
export function moveFault(move: Move): MoveFault | null {
  const { from, to } = move;
  if (from === to) return "unchanged";
  if (to === "received" || (from === "received" && to !== "thanked") || from === "thanked")
    return "onlyTransfers";
  if (!moves[from].includes(to)) return "notFrom";
  if ((to === "solicited" || to === "to_solicit") && move.unsolicited) return "unsolicited";
  if (to === "pledged" || to === "allocated") {
    if (move.unsolicited === "alsaceMoselle" && move.covers === "siret") return "noSolde";
    if (move.share === null && !move.expected) return "needsShare";
  }
  if (to === "refused" && move.why === "") return "needsWhy";
  return to === "lapsed" || to === "unallocated" ? deadlineFault(move, to) : null;
}

/** What was only partly allocated in period 1 comes with the second transfer: nothing lapses before it. */
function deadlineFault(move: Move, to: "lapsed" | "unallocated"): "tooEarly" | null {
  const known = to === "lapsed" ? move.transfer2 : move.period2Closes;
  return move.today > (known ?? `${move.campaignYear}-12-31`) ? null : "tooEarly";
}

/** A base in cents, between two bounds that are equal when it is known. */
export type Range = { low: bigint; high: bigint };

/**
 * What a share (hundredths of a percent) of a base brings, in cents, before the fees of Urssaf and the Caisse des Dépôts:
 * the rate of the solde for the pay of the year before the campaign. Null where the law of that year has none.
 */
export function expectedOf(share: number, base: Range, campaignYear: number, rates: Rates): Range | null {
  const rate = figureAt(rates, "solde", `${campaignYear - 1}-12`)?.value;
  if (!rate) return null;
  const part = (cents: bigint) => divide(percentOf(divide(cents, 100n), rate) * BigInt(share), 10_000n);
  return { low: part(base.low), high: part(base.high) };
}

/** « 40 », « 33,3 % » as hundredths of a percent; null for anything else, nothing and more than everything. */
export function acceptShare(text: string): number | null {
  const digits = text.replace(/[\s\u00a0\u202f%]/g, "").replace(",", ".");
  const share = /^\d{1,3}(\.\d{1,2})?$/.test(digits) ? Math.round(Number(digits) * 100) : 0;
  return share >= 1 && share <= 10_000 ? share : null;
}
