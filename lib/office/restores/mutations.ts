import { audited } from "#lib/department/audit/mutations";
import { setRestoredAside } from "#lib/letters/campaigns/restored";
import { setLettersAside } from "#lib/letters/deliveries/set-aside";
import { letGo } from "#lib/machine/installation/hold";
import { type Result, refused } from "#lib/machine/result";
import { readAllAgain } from "#lib/returns/mailbox/lease";

type Acknowledged = Result<{ campaigns: number; letters: number }, "notHeld">;

/**
 * An administrator has read what happened: the work goes on, and nothing leaves by it. Each campaign waits for its own
 * decision, letters are given up, and the mailboxes are read again for who said stop meanwhile.
 */
export const acknowledgeRestore = (by: number): Promise<Acknowledged> =>
  audited<Acknowledged>(
    ({ campaigns, letters }) => ({
      userId: by,
      action: "installation.acknowledged",
      subject: "installation",
      data: { campaigns, letters },
    }),
    async (client) => {
      if (!(await letGo(client, by))) return refused("notHeld");
      const campaigns = await setRestoredAside(client);
      const letters = await setLettersAside(client);
      await readAllAgain(client);
      return { ok: true, campaigns, letters };
    },
  );
