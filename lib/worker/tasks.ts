/** What a worker does besides sending. Every task is safe to run in several workers at once: rows decide. */
import { cleanStoredImages } from "#lib/campaigns/images";
import { launchDueCampaigns } from "#lib/campaigns/launch";
import { finishCampaigns } from "#lib/campaigns/mutations";
import { addUpContactCounts } from "#lib/dashboard/mutations";
import { sweepLost } from "#lib/deliveries/claim";
import { eraseSecrets } from "#lib/deliveries/secrets";
import { settleFromSandbox } from "#lib/deliveries/unknown";
import { checkDomains } from "#lib/dkim/domain-records";
import { checkKeys } from "#lib/dkim/mutations";
import { pollMailboxes } from "#lib/mailbox/poll";
import { readSentFolders } from "#lib/mailbox/sent";
import { sendDailyDigest } from "#lib/notices/digest";
import { purge } from "#lib/privacy/purge";
import { forgetOldUsage } from "#lib/relays/ledger";
import { failStrandedLetters } from "#lib/relays/mutations";
import { cleanStoredLogo } from "#lib/settings/logo";
import { runQueuedSyncs } from "#lib/sources/sync";

export type Task = { name: string; everySeconds: number; run: () => Promise<unknown> };

export const tasks: Task[] = [
  { name: "launch campaigns", everySeconds: 1, run: launchDueCampaigns },
  { name: "finish campaigns", everySeconds: 2, run: finishCampaigns },
  { name: "sweep lost deliveries", everySeconds: 5, run: sweepLost },
  { name: "look lost deliveries up", everySeconds: 5, run: settleFromSandbox },
  { name: "fail stranded letters", everySeconds: 60, run: () => failStrandedLetters() },
  { name: "poll mailboxes", everySeconds: 5, run: pollMailboxes },
  { name: "read Sent folders", everySeconds: 5, run: () => readSentFolders() },
  { name: "run syncs", everySeconds: 2, run: runQueuedSyncs },
  { name: "daily digest", everySeconds: 60, run: sendDailyDigest },
  { name: "add up contact counts", everySeconds: 60, run: addUpContactCounts },
  { name: "look DKIM records up", everySeconds: 300, run: () => checkKeys() },
  { name: "look SPF and DMARC up", everySeconds: 300, run: () => checkDomains() },
  { name: "clean stored pictures", everySeconds: 3600, run: cleanStoredImages },
  { name: "clean stored logo", everySeconds: 3600, run: cleanStoredLogo },
  { name: "purge personal data", everySeconds: 300, run: purge },
  { name: "erase dead secrets", everySeconds: 3600, run: eraseSecrets },
  { name: "forget old usage", everySeconds: 3600, run: forgetOldUsage },
];
