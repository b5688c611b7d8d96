/** A whole mail as a connection reads it: piece by piece, so that what carries files is never held whole. */

/** May be read several times, to sign it and to send it. `size`: its bytes exactly. `whole`: all of it, when it is held anyway. */
export type Message = { size: number; whole?: Buffer; pieces(): AsyncIterable<Buffer> };

export const inOnePiece = (raw: Buffer): Message => ({
  size: raw.length,
  whole: raw,
  async *pieces() {
    yield raw;
  },
});

/** The same with that before it. */
export const preceded = (before: Buffer, { size, whole, pieces }: Message): Message =>
  whole
    ? inOnePiece(Buffer.concat([before, whole]))
    : {
        size: before.length + size,
        async *pieces() {
          yield before;
          yield* pieces();
        },
      };
