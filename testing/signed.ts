/** For tests: a message signed, all of it. */
import type { Signer } from "#lib/letters/dkim/sign";
import { inOnePiece } from "#lib/letters/relays/message";

export async function signedWhole(signer: Signer, raw: Buffer): Promise<Buffer> {
  const message = await signer.sign(inOnePiece(raw));
  return Buffer.concat(await Array.fromAsync(message.pieces()));
}
