/** A whole mail as a connection reads it: piece by piece, so that what carries files is never held whole. */

/** May be read several times, to sign it and to send it. `size`: its bytes exactly. */
export type Message = { size: number; pieces(): AsyncIterable<Buffer> };

export const inOnePiece = (raw: Buffer): Message => ({
  size: raw.length,
  async *pieces() {
    yield raw;
  },
});

/** The same with that before it. */
export const preceded = (before: Buffer, { size, pieces }: Message): Message => ({
  size: before.length + size,
  async *pieces() {
    yield before;
    yield* pieces();
  },
});
