/**
 * What one of us sent from their own mail program, with the department’s address in copy: filed as theirs, never as an
 * answer of somebody. Anybody can write their address in From, so it files itself only when our server authenticated it.
 */
import { actOn, audited } from "#lib/department/audit/mutations";
import { permissions } from "#lib/department/permissions";
import { carryingSecret, secretsIn, withoutSecrets } from "#lib/letters/deliveries/secrets";
import { type Runner, sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { foldAddress } from "#lib/machine/seal";
import { authenticatedDomain } from "#lib/returns/bounces/authentication";
import { cleanAddress } from "#lib/returns/bounces/fields";
import { fileAsOurs, namedIn } from "#lib/returns/received/file";
import { relayHosts } from "#lib/returns/received/match";
import { type ReadMail, readIncoming } from "#lib/returns/received/read";

export type OwnCopy = {
  authorId: number;
  /** Our server says that it is from their domain. */
  proven: boolean;
  /** Whom it is to, as far as the address book knows. */
  contactId: number;
  to: string;
};

/**
 * Somebody of ours who may write letters, to somebody of the address book; null for anything else: what is only to the
 * department is a mail to it.
 */
export async function ownCopyOf(client: Runner, relayId: number, mail: ReadMail): Promise<OwnCopy | null> {
  if ((mail.class !== "reply" && mail.class !== "other") || !mail.from) return null;
  const query = sqlOn(client);
  const [author] = await query<{ id: number }>`
    select id from users where lower(email) = ${foldAddress(mail.from)} and disabled_at is null
      and role = any(${permissions["letters.send"]}::"Role"[])`;
  if (!author) return null;
  const [person] = await query<{ contactId: number; to: string }>`
    select a.contact_id as "contactId", a.address as to from unnest(${recipientsOf(mail)}::text[]) with ordinality r (address, n)
    join email_addresses a on a.address = r.address
    where not exists (select from identities i where lower(i.address) = r.address) order by r.n limit 1`;
  if (!person) return null;
  const { authservId } = await relayHosts(client, relayId);
  return { authorId: author.id, proven: authenticatedDomain(mail.headers, authservId) !== null, ...person };
}

const recipientsOf = ({ headers }: ReadMail): string[] =>
  ["to", "cc"]
    .flatMap((name) => headers.get(name) ?? [])
    .flatMap((field) => field.slice(0, 20_000).split(","))
    .flatMap((one) => cleanAddress(one) ?? [])
    .map(foldAddress)
    .slice(0, 100);

/** Writes it down: filed when it is proven, else it waits for somebody to say so. Null when it was there already. */
export async function recordOwnCopy(
  client: Runner,
  {
    relayId,
    mail,
    digest,
    folder,
  }: { relayId: number; mail: ReadMail; digest: Buffer; folder: string | null },
  copy: OwnCopy,
): Promise<number | null> {
  const secrets = await secretsIn(client, mail.texts);
  const secret = secrets.length > 0 || (await carryingSecret(client, await namedIn(client, mail))).size > 0;
  const [row] = await sqlOn(client)<{ id: number }>`
    insert into received_mails (relay_id, digest, uid_validity, uid, folder, received_at, class, sender, subject, raw, carries_secret, handled_at)
    values (${relayId}, ${digest}, ${mail.uidValidity}, ${mail.uid}, ${folder}, least(${mail.receivedAt}::timestamptz, clock_timestamp()),
      'copy', ${mail.sender}, ${withoutSecrets(mail.subject, secrets)}, ${mail.raw}, ${secret}, case when ${copy.proven} then clock_timestamp() end)
    on conflict (relay_id, digest) do nothing returning id`;
  if (!row) return null;
  if (copy.proven) await fileAsOurs(client, mail, { id: row.id, secret, ...copy });
  return row.id;
}

type Waiting = {
  relayId: number;
  raw: Buffer;
  receivedAt: Date;
  uid: number;
  uidValidity: string | null;
  secret: boolean;
};

/** Somebody here says that a colleague did send it. `nobodyNamed`: whoever it is from or to is not here any more. */
export const fileOwnCopy = (
  id: number,
  by: number,
): Promise<Result<object, "alreadyHandled" | "nobodyNamed">> =>
  audited(actOn("letter.filed", id, by), async (client) => {
    const [row] = await sqlOn(client)<Waiting>`
      update received_mails set handled_at = clock_timestamp(), decision = 'accepted', decided_by_id = ${by}
      where id = ${id} and class = 'copy' and handled_at is null and octet_length(raw) > 0
      returning relay_id as "relayId", raw, received_at as "receivedAt", uid, uid_validity::text as "uidValidity", carries_secret as secret`;
    if (!row) return refused("alreadyHandled");
    const mail = await readIncoming({ ...row, uidValidity: BigInt(row.uidValidity ?? 0) });
    const copy = await ownCopyOf(client, row.relayId, mail);
    if (!copy) return refused("nobodyNamed");
    await fileAsOurs(client, mail, { id, secret: row.secret, ...copy });
    return ok;
  });
