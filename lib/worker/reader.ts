/**
 * The process that reads mailboxes and Sent folders: what comes back from a server out of its mind costs no letter. A
 * worker keeps one beside itself as soon as an account has a mailbox (decision 56).
 */
import { setPriority } from "node:os";
import { logConsole, logEnd } from "#lib/machine/console";
import { disconnect } from "#lib/machine/db";
import { beat, mayLeave } from "#lib/machine/installation/beat";
import { startListening } from "#lib/returns/mailbox/listen";
import { pollMailboxes } from "#lib/returns/mailbox/poll";
import { readSentFolders } from "#lib/returns/mailbox/sent";
import { startLoops } from "#lib/worker/loops";

const BEAT_EVERY = 5_000;
const READ_EVERY = 5_000;
/** So many slow servers delay nobody; each may make us keep some ten megabytes. */
const sideBySide = { mailboxes: 16, sentFolders: 8 };
/** What is still being read after this long is left to its lease. */
const STOP_WITHIN = 5_000;

logConsole();
logEnd();
// Letters go first, on a machine that has to choose.
setPriority(10);
const loops = startLoops();
const { signal } = loops;
loops.repeat("generation", BEAT_EVERY, () => beat(false));
for (let i = 0; i < sideBySide.mailboxes; i++)
  loops.repeat("poll mailboxes", READ_EVERY, async () => {
    if (await mayLeave()) await pollMailboxes(signal, "smtp");
  });
for (let i = 0; i < sideBySide.sentFolders; i++)
  loops.repeat("read Sent folders", READ_EVERY, async () => {
    if (await mayLeave()) await readSentFolders(undefined, signal);
  });
const listening = startListening();

for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => void stop());

async function stop() {
  setTimeout(() => process.exit(0), STOP_WITHIN).unref();
  await Promise.all([loops.stop(), listening.stop()]);
  await disconnect();
  process.exit(0);
}
