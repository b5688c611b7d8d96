/** Letters written by hand are found in the Sent folder, as if a mail program had sent them. */
import { copyOf } from "#lib/letters/deliveries/copy";
import { log } from "#lib/machine/log";
import { identify } from "#lib/returns/mailbox/copies";
import { beginFiling, listUnfiled, recordFiled } from "#lib/returns/mailbox/filed";
import type { SentFolder } from "#lib/returns/mailbox/sent-folder";

/**
 * Files what the relay does not, after it took the message; a failure is tried again and changes nothing of the letter.
 * Two APPENDs are two copies: a try whose end nobody saw is looked for before the next one.
 */
export async function fileCopies(
  relayId: number,
  folder: SentFolder,
  renew: () => Promise<void>,
): Promise<void> {
  for (const { id } of await listUnfiled(relayId)) {
    const copy = await copyOf(id);
    if (!copy) continue;
    await renew();
    const from = await beginFiling(id, folder);
    try {
      if (from === null || !(await isThere(folder, from, id))) await folder.append(copy.raw, copy.at);
    } catch (error) {
      log.warn({ err: error, relayId, delivery: id }, "copy not filed");
      return;
    }
    await recordFiled(id);
  }
}

async function isThere(folder: SentFolder, from: number, id: number): Promise<boolean> {
  const uids = await folder.after(from - 1);
  if (uids.length === 0) return false;
  return (await identify(await folder.read(uids))).some(({ delivery }) => delivery === id);
}
