/**
 * The report of a campaign: from the people of its segment to the messages delivered, each step the one before less
 * what it says. Every screen that shows a figure of a campaign takes it from here.
 */

/** What `campaign_counts` reads: deliveries by state, and who was set aside at launch, by reason. */
export type Counts = {
  queued: number;
  sending: number;
  unknown: number;
  sent: number;
  failed: number;
  skipped: number;
  /** Of those sent only. */
  hardBounced: number;
  softBounced: number;
  replied: number;
  unsubscribed: number;
  complained: number;
  /** Everybody of the segment at launch; null before, and where nobody counted. */
  candidates: number | null;
  exclusions: Record<string, number>;
};

/** `segment = setAside + recipients`; `recipients = accepted + refused + unknown + queued + sending`; `accepted = returned + delivered`. */
export type Funnel = {
  segment: number;
  setAside: number;
  /** Of `setAside`, most numerous first; `later` are those whose turn came after an objection or an archiving. */
  reasons: { reason: string; count: number }[];
  recipients: number;
  accepted: number;
  refused: number;
  unknown: number;
  queued: number;
  sending: number;
  returned: number;
  hardReturned: number;
  softReturned: number;
  delivered: number;
  replied: number;
  unsubscribed: number;
  complained: number;
};

/** Whoever has no address has no delivery either: those are known by the count of the launch alone. */
export function funnelOf(counts: Counts): Funnel {
  const { queued, sending, unknown, sent: accepted, failed: refused, skipped, exclusions } = counts;
  const { noAddress = 0, ...rows } = exclusions;
  const known = Object.values(rows).reduce((sum, n) => sum + n, 0);
  const recipients = accepted + refused + unknown + queued + sending;
  const setAside = skipped + noAddress;
  const { hardBounced: hardReturned, softBounced: softReturned, replied, unsubscribed, complained } = counts;
  const returned = hardReturned + softReturned;
  return {
    segment: counts.candidates ?? setAside + recipients,
    setAside,
    reasons: Object.entries({ ...exclusions, later: skipped - known })
      .map(([reason, count]) => ({ reason, count }))
      .filter(({ count }) => count !== 0)
      .sort((a, b) => b.count - a.count),
    ...{ recipients, accepted, refused, unknown, queued, sending },
    ...{ returned, hardReturned, softReturned, delivered: accepted - returned },
    ...{ replied, unsubscribed, complained },
  };
}

/** Messages that a server answered for good: what every rate is a share of. */
export const handedOver = ({ accepted, refused }: Pick<Funnel, "accepted" | "refused">) => accepted + refused;

/**
 * A share to show with one decimal, or null of nothing. Not all is never 100.0 %, something is never 0.0 %: one refusal
 * among two thousand is still one.
 */
export function shareOf(part: number, whole: number): number | null {
  if (whole === 0) return null;
  if (part <= 0 || part >= whole) return part / whole;
  return Math.min(0.999, Math.max(0.001, Math.round((part / whole) * 1000) / 1000));
}

export type Rate = "delivered" | "refused" | "returned" | "replied" | "unsubscribed";

/** A campaign's rates, as every screen shows them. */
export const rateOf = (funnel: Funnel, rate: Rate) => shareOf(funnel[rate], handedOver(funnel));

/** French and English alike: one decimal, even when it is zero. */
export const percent = { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;

/** Fewer readers than this, and a count of clicks would tell who clicked. */
export const fewestReaders = 10;
