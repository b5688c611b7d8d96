/** Files held in memory while they come: how many at the same time, and how large. */

const held = new Map<number, number>();
/** Hundreds at once would take the application with them. */
const most = { ofOnePerson: 2, ofAll: 6 };

/** Does `work` for a person, or answers null when they, or all together, are sending too many files already. */
export async function inTurn<T>(userId: number, work: () => Promise<T>): Promise<T | null> {
  const mine = held.get(userId) ?? 0;
  const all = held.values().reduce((sum, count) => sum + count, 0);
  if (mine >= most.ofOnePerson || all >= most.ofAll) return null;
  held.set(userId, mine + 1);
  try {
    return await work();
  } finally {
    const left = (held.get(userId) ?? 1) - 1;
    if (left === 0) held.delete(userId);
    else held.set(userId, left);
  }
}

/** All the bytes of a file; null as soon as they are more than `limit`. */
export async function wholeFile(pieces: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer | null> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > limit) return null;
    kept.push(piece);
  }
  return Buffer.concat(kept, size);
}
