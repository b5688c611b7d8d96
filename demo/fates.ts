/** What becomes of each mail of a past letter. Pure: the dice decide. */
import type { PastLetter } from "#demo/past";
import type { Chance } from "#demo/random";

export type Reader = { contactId: number; address: string };

/** Instants in milliseconds; null for what did not happen. */
export type Fate = Reader & {
  status: "sent" | "failed";
  settledAt: number;
  bounce: "hard" | "soft" | null;
  bouncedAt: number | null;
  repliedAt: number | null;
  unsubscribedAt: number | null;
};

const minute = 60_000;
const hour = 60 * minute;

/**
 * One fate a reader, in the order they were written to. Marked addresses (« + ») only receive: what they do is for
 * the letter that is really sent. Nothing happens after `now`.
 */
export function decideFates(
  dice: Chance,
  letter: PastLetter,
  readers: Reader[],
  launchedAt: number,
  now: number,
): Fate[] {
  const plain = dice.some(
    readers.filter(({ address }) => !address.includes("+")),
    readers.length,
  );
  const take = (share: number) =>
    new Set(plain.splice(0, Math.round(share * readers.length)).map(({ contactId }) => contactId));
  const { fate } = letter;
  const [failed, hard, soft] = [take(fate.failed), take(fate.hard), take(fate.soft)];
  const [replied, left] = [take(fate.replied), take(fate.unsubscribed)];
  // About two a second: the pace of an ordinary relay.
  return readers.map((reader, i) => {
    const settledAt = launchedAt + 4_000 + i * 480 + dice.whole(0, 300);
    const later = (least: number, most: number) =>
      Math.min(now - minute, settledAt + least + dice.next() ** 2 * (most - least));
    const has = (some: Set<number>) => some.has(reader.contactId);
    const bounce = has(hard) ? "hard" : has(soft) ? "soft" : null;
    return {
      ...reader,
      status: has(failed) ? "failed" : "sent",
      settledAt,
      bounce,
      bouncedAt: bounce && later(minute, 5 * minute),
      repliedAt: has(replied) ? later(20 * minute, 60 * hour) : null,
      unsubscribedAt: has(left) ? later(5 * minute, 40 * hour) : null,
    };
  });
}

/** Clicks a link and a day: most on the first day, more on the first links. */
export function decideClicks(
  dice: Chance,
  letter: PastLetter,
  sent: number,
  links: number,
  launchedAt: number,
  now: number,
) {
  const clicks = new Map<string, { link: number; day: string; clicks: number }>();
  if (links === 0) return [];
  for (let n = Math.round(sent * letter.fate.clicked); n > 0; n--) {
    const link = Math.floor(dice.next() ** 1.6 * links);
    const day = new Date(Math.min(now, launchedAt + dice.next() ** 3 * 12 * 24 * hour))
      .toISOString()
      .slice(0, 10);
    const row = clicks.get(`${link} ${day}`) ?? { link, day, clicks: 0 };
    row.clicks++;
    clicks.set(`${link} ${day}`, row);
  }
  return [...clicks.values()];
}
