/** Which deliveries of this database the copies in a Sent folder are of. */
import { listNamed } from "#lib/letters/deliveries/names";
import { nameInText } from "#lib/machine/tokens";
import type { Copy } from "#lib/returns/mailbox/sent-folder";

/**
 * `delivery`: the one of this database that it is a copy of. Null for what people sent, and for what a life that was lost
 * in a restore had sent: the account's own limits count both alike.
 */
export type Identified = Omit<Copy, "name"> & { delivery: number | null };

export async function identify(copies: Copy[]): Promise<Identified[]> {
  const names = copies.flatMap(({ name }) => name ?? []);
  const here = new Map((await listNamed(names)).map((one) => [nameInText(one), one.id]));
  return copies.map(({ name, ...copy }) => ({
    ...copy,
    delivery: (name && here.get(nameInText(name))) ?? null,
  }));
}

export const ours = (copies: Identified[]): number[] => copies.flatMap(({ delivery }) => delivery ?? []);
