/** What a worker does besides sending. Every task is safe to run in several workers at once: rows decide. */

import { cleanStoredLogo } from "#lib/department/settings/logo";
import { removeLoose } from "#lib/letters/attachments/folder";
import { cleanStoredImages } from "#lib/letters/campaigns/images";
import { launchDueCampaigns } from "#lib/letters/campaigns/launch";
import { finishCampaigns, finishHeldCampaigns } from "#lib/letters/campaigns/mutations";
import { sweepLost } from "#lib/letters/deliveries/claim";
import { eraseSecrets } from "#lib/letters/deliveries/secrets";
import { failStrandedLetters } from "#lib/letters/deliveries/set-aside";
import { settleFromSandbox } from "#lib/letters/deliveries/unknown";
import { checkDomains } from "#lib/letters/dkim/domain-records";
import { checkKeys } from "#lib/letters/dkim/mutations";
import { forgetSent } from "#lib/letters/drafts/mutations";
import { forgetOldUsage } from "#lib/letters/ledger/usage";
import { reviveRested } from "#lib/letters/verdicts/standing";
import { backUpNightly } from "#lib/machine/backups/nightly";
import { addUpContactCounts } from "#lib/office/dashboard/mutations";
import { purge } from "#lib/office/privacy/purge";
import { tellTasks } from "#lib/office/users/morning";
import { undoChangeSets } from "#lib/people/change-sets/undo";
import { keepOppositions } from "#lib/people/suppressions/beside";
import { pollMailboxes } from "#lib/returns/mailbox/poll";
import { goOnRejudging } from "#lib/returns/received/rejudge";
import { sendDailyDigest } from "#lib/returns/unsubscribe/digest";
import { askDueSyncs } from "#lib/sites/sources/schedule";
import { runQueuedSyncs } from "#lib/sites/sources/sync";
import { remindOfPledges } from "#lib/tax/pledges/reminders";
import { rightFarDates } from "#lib/worker/clock";

export type Task = { name: string; everySeconds: number; run: () => Promise<unknown> };

export const tasks: Task[] = [
  { name: "launch campaigns", everySeconds: 1, run: launchDueCampaigns },
  { name: "finish campaigns", everySeconds: 2, run: finishCampaigns },
  { name: "finish held campaigns", everySeconds: 60, run: finishHeldCampaigns },
  { name: "sweep lost deliveries", everySeconds: 5, run: sweepLost },
  { name: "look lost deliveries up", everySeconds: 5, run: settleFromSandbox },
  { name: "fail stranded letters", everySeconds: 15, run: failStrandedLetters },
  { name: "read the sandbox", everySeconds: 5, run: () => pollMailboxes(undefined, "sandbox") },
  { name: "revive resting addresses", everySeconds: 3600, run: () => reviveRested() },
  { name: "judge kept mails again", everySeconds: 2, run: () => goOnRejudging() },
  { name: "ask due syncs", everySeconds: 20, run: askDueSyncs },
  { name: "run syncs", everySeconds: 2, run: () => runQueuedSyncs() },
  { name: "undo change-sets", everySeconds: 2, run: () => undoChangeSets() },
  { name: "daily digest", everySeconds: 60, run: sendDailyDigest },
  { name: "tell tasks", everySeconds: 60, run: () => tellTasks() },
  { name: "add up contact counts", everySeconds: 60, run: addUpContactCounts },
  { name: "look DKIM records up", everySeconds: 300, run: () => checkKeys() },
  { name: "look SPF and DMARC up", everySeconds: 300, run: () => checkDomains() },
  { name: "clean stored pictures", everySeconds: 3600, run: cleanStoredImages },
  { name: "clean stored logo", everySeconds: 3600, run: cleanStoredLogo },
  { name: "purge personal data", everySeconds: 300, run: purge },
  { name: "forget sent drafts", everySeconds: 3600, run: forgetSent },
  { name: "remove loose attachments", everySeconds: 60, run: removeLoose },
  { name: "erase dead secrets", everySeconds: 3600, run: eraseSecrets },
  { name: "remind of pledges", everySeconds: 900, run: () => remindOfPledges() },
  { name: "put right far dates", everySeconds: 60, run: rightFarDates },
  { name: "keep oppositions beside", everySeconds: 5, run: keepOppositions },
  { name: "back up", everySeconds: 60, run: backUpNightly },
  { name: "forget old usage", everySeconds: 3600, run: forgetOldUsage },
];
