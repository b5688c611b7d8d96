/** Signing in by address and password: counted, judged, written down, and told to the owner when the browser is new. */
import { recordAudit } from "#lib/department/audit/mutations";
import { enqueueLetter, type Letter } from "#lib/letters/deliveries/enqueue";
import { sqlOn, transaction } from "#lib/machine/db";
import { foldAddress } from "#lib/machine/seal";
import { clientAddress } from "#lib/machine/web/seen";
import { browserName } from "./browser.ts";
import { deviceCookie, findDevice } from "./device.ts";
import { openSession } from "./mutations.ts";
import { newBrowserLetter } from "./new-browser.ts";
import { verifyPassword } from "./password.ts";
import { findAccount } from "./queries.ts";
import { countSignIn, forgetSignIns, type Visitor } from "./throttle.ts";

export type Headers = Record<string, string | undefined>;
type Given = { email: string; password: string };

/** Who asks, by the headers of a request behind lib/machine/web/front.ts. */
export async function visitorOf(headers: Headers): Promise<Visitor> {
  const device = await findDevice(deviceIn(headers.cookie));
  return { network: clientAddress(headers), device };
}

const deviceIn = (cookies = "") => new RegExp(`(?:^|; *)${deviceCookie}=([^;]*)`).exec(cookies)?.[1];

/**
 * Null for any wrong pair, known account or not, after the same work.
 * @throws Error("throttled"): next-auth hands the message to the sign-in page.
 */
export async function signIn(given: Given, headers: Headers) {
  const email = foldAddress(given.email).slice(0, 254);
  const password = given.password.slice(0, 1000);
  if (!email || !password) return null;
  const [account, from] = await Promise.all([findAccount(email), visitorOf(headers)]);
  const browser = browserName(headers["user-agent"] ?? "");
  const refuse = (reason: Refusal) => recordRefused(reason, account?.id ?? null, browser, from.network);
  if ((await countSignIn(email, account?.id, from)) > 0) {
    await refuse("throttled");
    throw new Error("throttled");
  }
  if (!(await verifyPassword(account?.passwordHash, password)) || !account) {
    await refuse(account ? "password" : "unknown");
    return null;
  }
  await forgetSignIns(email, account.id, from);
  const known = from.device?.userId === account.id;
  const letter = known ? null : await newBrowserLetter(account, browser, from.network);
  const sessionId = await enter(account.id, headers["user-agent"] ?? "", from.network, letter);
  return { id: String(account.id), sessionId };
}

/** The session, its entry in the journal and the letter to the owner, all or none. */
async function enter(userId: number, userAgent: string, network: string, letter: Letter | null) {
  return transaction(async (client) => {
    const sessionId = await openSession(userId, userAgent, network, client);
    const entry = { userId, action: "user.signedIn", subject: "user", subjectId: userId } as const;
    await recordAudit({ ...entry, data: { browser: browserName(userAgent) } }, client, network);
    if (letter) await enqueueLetter(letter, client);
    return sessionId;
  });
}

type Refusal = "password" | "unknown" | "throttled";

/**
 * A refused try, in the journal. What was typed as an address is not: it may be a password. Those who wait are noted
 * once an hour, whatever they send meanwhile.
 */
async function recordRefused(reason: Refusal, userId: number | null, browser: string, network: string) {
  await transaction(async (client) => {
    if (reason === "throttled") {
      const told = await sqlOn(client)`
        select from audit_entries where subject = 'user' and subject_id is not distinct from ${userId}::int
          and action = 'user.signInRefused' and data ->> 'reason' = 'throttled' and at > now() - interval '1 hour' limit 1`;
      if (told.length > 0) return;
    }
    const entry = { userId: null, action: "user.signInRefused", subject: "user", subjectId: userId } as const;
    await recordAudit({ ...entry, data: { reason, browser } }, client, network);
  });
}
