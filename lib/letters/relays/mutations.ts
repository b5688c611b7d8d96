import type { Prisma } from "#db/client";
import { actOn, audited, auditedRows, type By } from "#lib/department/audit/mutations";
import { changeMailbox, mailboxColumns } from "#lib/letters/relays/mailbox";
import type { RelayInput } from "#lib/letters/relays/schema";
import { db, nextId, sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { seal } from "#lib/machine/seal";

/** Waits, paused, until its account is tested; one that signs in with a token, until it is connected first. */
export async function createRelay(input: RelayInput, by: By): Promise<Result<{ id: number }>> {
  const id = await nextId("relays");
  const oauth = input.login === "oauth" && { ...notConnected, oauth: { create: oauthColumns(id, input) } };
  const mailbox = input.imapHost !== "" && { mailbox: { create: mailboxColumns(id, input) } };
  const data = { id, kind: "smtp" as const, ...columns(id, input), ...notTested, ...oauth, ...mailbox };
  return auditedRows(actOn("relay.created", id, by), async (rows) => {
    await rows.relay.create({ data, select: { id: true } });
    return { ...ok, id };
  });
}

/** An empty password keeps the sealed one. Another mailbox is read from its own beginning, and at once. */
export async function updateRelay(
  id: number,
  input: RelayInput,
  by: By,
): Promise<Result<{ id: number }, "notFound">> {
  const relay = await db.relay.findFirst({
    where: { id, kind: "smtp", archivedAt: null },
    select: {
      host: true,
      mailbox: { select: { host: true, username: true, folder: true, sentFolder: true } },
      port: true,
      security: true,
      username: true,
      sealedPassword: true,
      oauth: true,
    },
  });
  if (!relay) return refused("notFound");
  const data = columns(id, input);
  const otherAccount =
    relay.host !== data.host ||
    relay.port !== data.port ||
    relay.security !== data.security ||
    relay.username !== data.username ||
    (relay.oauth === null) === (input.login === "oauth");
  return auditedRows(actOn("relay.updated", id, by, { account: otherAccount }), async (rows) => {
    const { count } = await rows.relay.updateMany({
      where: { id, kind: "smtp", archivedAt: null },
      data: { ...data, ...startAgain(otherAccount) },
    });
    if (count === 0) return refused("notFound");
    await forgive(rows, id);
    await changeMailbox(rows, id, input, relay);
    // Another account proves itself before anything leaves by it.
    if (otherAccount) await rows.relay.updateMany({ where: { id, ...notPausedByStaff }, data: notTested });
    await changeLogin(rows, id, input, relay);
    return { ...ok, id };
  });
}

const startAgain = (otherAccount: boolean) => ({
  ...(otherAccount && { testedAt: null, triedAt: null }),
  // Its limits may have changed: the engine counts again.
  spentUntil: null,
  spentWindow: null,
});

type Rows = Prisma.TransactionClient;

/** What the engine found wrong with the old settings says nothing of the new ones. */
const forgive = (rows: Rows, id: number) =>
  rows.relay.updateMany({
    where: { id, pauseReason: { in: ["login-refused", "connectionLost", "notReadable", "not-connected"] } },
    data: { pausedUntil: null, pauseReason: null },
  });

type KeptLogin = { username: string; oauth: { clientId: string; tokenUrl: string; scope: string } | null };

/** A token belongs to one account and one client: with another, what is kept is worth nothing. */
async function changeLogin(
  rows: Rows,
  relayId: number,
  input: RelayInput,
  { username, oauth }: KeptLogin,
): Promise<void> {
  if (input.login !== "oauth") return void (await rows.relayOauth.deleteMany({ where: { relayId } }));
  const columns = oauthColumns(relayId, input);
  const same =
    oauth !== null &&
    username === input.username &&
    oauth.clientId === columns.clientId &&
    oauth.tokenUrl === columns.tokenUrl &&
    oauth.scope === columns.scope;
  const update = { ...columns, ...(!same && noToken) };
  await rows.relayOauth.upsert({ where: { relayId }, create: { ...columns, relayId }, update });
  await rows.relay.updateMany({
    where: { id: relayId, ...notPausedByStaff, oauth: { sealedRefreshToken: null } },
    data: notConnected,
  });
}

const notPausedByStaff = { OR: [{ pauseReason: null }, { pauseReason: { not: "staff" } }] };

/** Until somebody acts: without a date. */
const pausedFor = (pauseReason: string) => ({ pauseReason, pausedUntil: null });
const notTested = pausedFor("not-tested");
const notConnected = pausedFor("not-connected");
const noToken = {
  sealedRefreshToken: null,
  sealedAccessToken: null,
  expiresAt: null,
  connectedAt: null,
  revokedAt: null,
  version: { increment: 1 },
};

function oauthColumns(relayId: number, input: RelayInput) {
  const secret = input.oauthClientSecret;
  return {
    authorizeUrl: input.oauthAuthorizeUrl,
    tokenUrl: input.oauthTokenUrl,
    scope: input.oauthScope,
    clientId: input.oauthClientId,
    allowPrivate: input.oauthPrivate,
    ...(secret && { sealedClientSecret: seal(secret, "relay_oauth.sealed_client_secret", relayId) }),
  };
}

function columns(id: number, { password, ...input }: RelayInput) {
  return {
    name: input.name,
    host: input.host,
    port: input.port,
    security: input.security,
    username: input.username,
    maxConnections: input.maxConnections,
    perMinute: input.perMinute,
    perHour: input.perHour,
    perDay: input.perDay,
    authservId: input.authservId,
    ...(password && { sealedPassword: seal(password, "relays.sealed_password", id) }),
  };
}

export const pauseRelay = (id: number, by: By): Promise<Result<object, "notFound">> =>
  auditedRows(actOn("relay.paused", id, by), async (rows) => {
    const { count } = await rows.relay.updateMany({
      where: { id, archivedAt: null },
      data: pausedFor("staff"),
    });
    return count === 1 ? ok : refused("notFound");
  });

/** Not one that waits to be tested: the test itself puts it in service. */
export const resumeRelay = (id: number, by: By): Promise<Result<object, "notPaused" | "notTested">> =>
  auditedRows(actOn("relay.resumed", id, by), async (rows) => {
    const goesOn = [{ pausedUntil: null }, { pausedUntil: { gt: new Date() } }];
    const paused = { id, archivedAt: null, pauseReason: { not: null }, OR: goesOn };
    const { count } = await rows.relay.updateMany({
      where: { AND: [paused, { OR: [{ kind: "sandbox" }, { testedAt: { not: null } }] }] },
      data: { pausedUntil: null, pauseReason: null },
    });
    if (count === 1) return ok;
    return refused((await rows.relay.count({ where: paused })) === 1 ? "notTested" : "notPaused");
  });

/**
 * With its identities, once nothing is left to send through it; where it stands in for another, it does no more. Letters
 * that no relay is left for fail by the worker's hand (failStrandedLetters).
 */
export const archiveRelay = (
  id: number,
  by: By,
): Promise<Result<object, "isDefault" | "inUse" | "notFound">> =>
  audited(actOn("relay.archived", id, by), async (client) => {
    const query = sqlOn(client);
    // Whoever changes an order of fallbacks locks the identity first.
    await query`
      select 1 from identities where id in (select identity_id from identity_fallbacks where relay_id = ${id})
      order by id for update`;
    // Whoever plans or launches a campaign locks its sender: only then is the answer to « in use? » final.
    await query`select 1 from relays where id = ${id} for update`;
    const [relay] = await query<{ isDefault: boolean; inUse: boolean }>`
      select exists (select 1 from identities i where i.relay_id = r.id and i.is_default and i.archived_at is null) as "isDefault",
        exists (
          select 1 from identities i join campaigns c on c.identity_id = i.id
          where i.relay_id = r.id and c.status in ('scheduled', 'sending', 'paused')) as "inUse"
      from relays r where r.id = ${id} and r.archived_at is null`;
    if (!relay) return refused("notFound");
    if (relay.isDefault) return refused("isDefault");
    if (relay.inUse) return refused("inUse");
    await query`
      delete from identity_fallbacks f using identities i
      where i.id = f.identity_id and (f.relay_id = ${id} or i.relay_id = ${id})`;
    await query`update identities set archived_at = now() where relay_id = ${id} and archived_at is null`;
    await query`update relays set archived_at = now() where id = ${id}`;
    return ok;
  });
