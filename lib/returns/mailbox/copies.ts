/** Which deliveries of this database the copies in a Sent folder are of. */
import { listNamed } from "#lib/letters/deliveries/names";
import { withCarried } from "#lib/letters/deliveries/together";
import { nameInText } from "#lib/machine/tokens";
import { listFiled } from "#lib/returns/mailbox/filed";
import type { Copy } from "#lib/returns/mailbox/sent-folder";

/**
 * `delivery`: the one of this database that it is a copy of. Null for what people sent, and for what a life that was lost
 * in a restore had sent: the account's own limits count both alike.
 */
export type Identified = Omit<Copy, "name"> & {
  delivery: number | null;
  /** We put it there ourselves, or tried to: it is no witness of what a server took. */
  filed: boolean;
};

export async function identify(copies: Copy[]): Promise<Identified[]> {
  const names = copies.flatMap(({ name }) => name ?? []);
  const here = new Map((await listNamed(names)).map((one) => [nameInText(one), one.id]));
  const filed = new Set(await listFiled([...here.values()]));
  return copies.map(({ name, ...copy }) => {
    const delivery = (name && here.get(nameInText(name))) ?? null;
    return { ...copy, delivery, filed: delivery !== null && filed.has(delivery) };
  });
}

/** Everybody whose mail these are copies of: several, of a mail to several. */
export const ours = (copies: Identified[]): Promise<number[]> =>
  withCarried(copies.flatMap(({ delivery, filed }) => (filed ? [] : (delivery ?? []))));
