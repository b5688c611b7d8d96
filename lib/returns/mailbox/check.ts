/** Trying a relay's settings while somebody waits: sign in, send nothing, ten seconds at most. */
import { createTransport } from "nodemailer";
import { actOn, audited, type By } from "#lib/department/audit/mutations";
import type { TokenLogin } from "#lib/letters/relays/connection";
import { failureOf } from "#lib/letters/relays/failure";
import { findTokenLogin } from "#lib/letters/relays/oauth";
import type { FailureKey } from "#lib/letters/relays/schema";
import { sql, sqlOn } from "#lib/machine/db";
import { isLoopback } from "#lib/machine/network/loopback";
import { ok, type Result, refused } from "#lib/machine/result";
import { type SealedColumn, unseal } from "#lib/machine/seal";
import { openImap, ordinary } from "#lib/returns/mailbox/imap";

const patience = 9_000;

type Row = {
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  username: string;
  sealedPassword: Buffer | null;
};

type MailboxRow = Row & { folder: string };

type Login = { password: string } | TokenLogin;

/** EHLO, TLS and AUTH for sending; sign-in and folder for receiving. */
export async function checkRelay(
  relayId: number,
  what: "smtp" | "imap",
  by: By,
): Promise<Result<object, FailureKey | "notFound" | "sealLost">> {
  return what === "smtp" ? checkSending(relayId, by) : checkReading(relayId);
}

async function checkSending(relayId: number, by: By) {
  const [row] = await sql<Row>`
    select host, port, security, username, sealed_password as "sealedPassword"
    from relays where id = ${relayId} and kind = 'smtp' and archived_at is null`;
  if (!row) return refused("notFound");
  const tried = await tryWith(row, relayId, "relays.sealed_password", (login) => tryToSend(row, login));
  if (tried.ok) await recordTested(relayId, row, by);
  return tried;
}

async function checkReading(relayId: number) {
  const [row] = await sql<MailboxRow>`
    select m.host, m.port, m.security, m.username, m.sealed_password as "sealedPassword", m.folder
    from mailboxes m join relays r on r.id = m.relay_id
    where r.id = ${relayId} and r.kind = 'smtp' and r.archived_at is null`;
  if (!row) return refused("notFound");
  return tryWith(row, relayId, "mailboxes.sealed_password", (login) => tryToRead(relayId, row, login));
}

async function tryWith(
  row: Row,
  relayId: number,
  column: SealedColumn,
  work: (login: Login) => Promise<void>,
) {
  const password = opened(row.sealedPassword, column, relayId);
  if (password === null) return refused("sealLost");
  try {
    await withinTenSeconds(work((await findTokenLogin(relayId)) ?? { password }));
    return ok;
  } catch (error) {
    return refused(failureOf(error));
  }
}

/** What waited for it is in service, unless the account was changed while it was tried. */
const recordTested = (relayId: number, { host, port, security, username }: Row, by: By) =>
  audited(actOn("relay.tested", relayId, by), async (client) => {
    const rows = await sqlOn(client)`
      update relays set tested_at = clock_timestamp(),
        pause_reason = nullif(pause_reason, 'not-tested')
      where id = ${relayId} and host = ${host} and port = ${port} and security = ${security}::"RelaySecurity"
        and username = ${username} returning id`;
    return rows.length === 1 ? ok : refused("changed");
  });

async function tryToSend(row: Row, login: Login): Promise<void> {
  try {
    await signIn(row, login);
  } catch (error) {
    if (!("accessToken" in login) || failureOf(error) !== "auth") throw error;
    await signIn(row, { ...login, accessToken: await login.renew(login.accessToken) });
  }
}

async function signIn(row: Row, login: Login): Promise<void> {
  if (row.username && row.security === "none" && !isLoopback(row.host))
    throw Object.assign(new Error("no password is sent in clear"), { code: "EINCLEAR" });
  const user = row.username;
  const auth =
    "accessToken" in login
      ? { type: "OAuth2" as const, user, accessToken: login.accessToken }
      : { user, pass: login.password };
  const transport = createTransport({
    host: row.host,
    port: row.port,
    secure: row.security === "tls",
    requireTLS: row.security === "starttls",
    ignoreTLS: row.security === "none",
    ...(user && { auth }),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    dnsTimeout: patience,
  });
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

async function tryToRead(relayId: number, row: MailboxRow, login: Login): Promise<void> {
  const mailbox = await openImap(
    {
      kind: "smtp",
      relayId,
      host: row.host,
      port: row.port,
      security: row.security,
      username: row.username,
      folder: row.folder,
      ...login,
    },
    { ...ordinary, setup: patience, silence: patience, command: patience },
  );
  await mailbox.close();
}

/** Null when the key of this installation is not the one that sealed it. */
function opened(sealed: Buffer | null, column: SealedColumn, relayId: number): string | null {
  try {
    return sealed ? unseal(sealed, column, relayId) : "";
  } catch {
    return null;
  }
}

async function withinTenSeconds(work: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(Object.assign(new Error("too slow"), { code: "ETIMEDOUT" })), 10_000);
  // Losing the race is no unhandled rejection: its answer is just late.
  work.catch(() => {});
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
