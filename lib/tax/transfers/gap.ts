/** Why what came is not what was promised: causes whose cents add up to the difference, the surest first. */

/** Keys of the catalog (`transfers.causes`). */
export type Cause =
  | "waiting"
  | "partialPeriod1"
  | "notSaved"
  | "reliquat"
  | "fees"
  | "correction"
  | "otherShare"
  | "baseLower"
  | "baseHigher"
  | "unexplained";

export type Promised = {
  /** Before fees; equal when the base is known. Null: nothing was expected. */
  lowCents: number | null;
  highCents: number | null;
  /** Hundredths of a percent. */
  share: number | null;
  /** Whether the company said that it allocated, and in which period it did. */
  allocated: boolean;
  receivedCents: number;
  /** What Urssaf, MSA and the Caisse des Dépôts keep, hundredths of a percent. */
  fee: number;
  /** What the company says its own declaration was corrected by, signed; 0 when it said nothing. */
  correctionCents: number;
  /** Whether the first and the second transfer have come. */
  transfer1: boolean;
  transfer2: boolean;
};

/** `cents` is signed as received − promised; `share` is what the company seems to have given, hundredths of a percent. */
export type Explained = { cause: Cause; cents: number; share?: number };

/**
 * Empty when nothing was expected, or what came is within it. The difference is counted from the nearer end of what was
 * expected: its fees first, then the rest.
 */
export function explainGap(promised: Promised): Explained[] {
  const { lowCents, highCents, receivedCents: received } = promised;
  if (lowCents === null || highCents === null || highCents === 0) return [];
  if (received === 0) return [{ cause: missing(promised), cents: -lowCents }];
  const told = Math.min(Math.max(received, lowCents), highCents);
  const net = (cents: number) => cents - Math.round((cents * promised.fee) / 10_000);
  const fees = received >= net(lowCents) && received <= highCents ? received - told : net(told) - told;
  const rest = received - told - fees;
  return [...cause("fees", fees), ...(rest === 0 ? [] : others(promised, rest, net(told)))];
}

const cause = (name: Cause, cents: number): Explained[] => (cents === 0 ? [] : [{ cause: name, cents }]);

function missing({ allocated, transfer1, transfer2 }: Promised): Cause {
  if (transfer2) return allocated ? "notSaved" : "reliquat";
  // Who allocated only a part in period 1 is paid with the second transfer (domain A8).
  return allocated && transfer1 ? "partialPeriod1" : "waiting";
}

/** A two-hundredth of what was expected: what is smaller has no cause of its own. */
const nearly = (cents: number, expected: number) => Math.abs(cents) * 200 <= expected;

function others(promised: Promised, gap: number, expected: number): Explained[] {
  const { correctionCents, transfer1, transfer2, allocated } = promised;
  const same = Math.sign(correctionCents) === Math.sign(gap);
  const corrected = same ? Math.sign(gap) * Math.min(Math.abs(correctionCents), Math.abs(gap)) : 0;
  const causes = cause("correction", corrected);
  const rest = gap - corrected;
  if (rest === 0) return causes;
  if (nearly(rest, expected)) return [...causes, ...cause("unexplained", rest)];
  const share = corrected === 0 ? otherShare(promised, expected) : null;
  if (share !== null) return [...causes, { cause: "otherShare", cents: rest, share }];
  if (rest > 0) return [...causes, ...cause("baseHigher", rest)];
  if (allocated && transfer1 && !transfer2) return [...causes, ...cause("partialPeriod1", rest)];
  const exact = promised.lowCents === promised.highCents;
  return [...causes, ...cause(exact ? "unexplained" : "baseLower", rest)];
}

/** Another round percentage (by fives) of the same base, within half a percent. */
function otherShare(
  { share, receivedCents, lowCents, highCents }: Promised,
  expected: number,
): number | null {
  if (share === null || lowCents !== highCents) return null;
  const given = (receivedCents * share) / expected;
  const round = Math.round(given / 500) * 500;
  return round > 0 && round <= 10_000 && round !== share && Math.abs(given - round) * 200 <= round
    ? round
    : null;
}
