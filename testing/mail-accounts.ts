/** For tests: a campaign whose relay has a real mailbox, with its lost and accepted deliveries and what its Sent folder holds. */

import { messageId } from "#lib/letters/deliveries/message-id";
import { db, sql } from "#lib/machine/db";
import { seal } from "#lib/machine/seal";
import { readSentFolders } from "#lib/returns/mailbox/sent";
import { sendingCampaign } from "#testing/deliveries";
import { account, type Dovecot, sentFolder } from "#testing/dovecot";
import { firstLife } from "#testing/names";

/** The mailbox's password, or another, as this relay keeps it. */
export const sealedFor = (relay: number, password = account.password) =>
  seal(password, "mailboxes.sealed_password", relay);

/** The relay's answers arrive in this mailbox. */
export const giveMailbox = (relay: number, mailbox: Dovecot, folder = "INBOX") =>
  db.mailbox.create({
    data: {
      ...{ relayId: relay, host: "127.0.0.1", port: mailbox.port, security: "none", folder },
      ...{ username: account.username, sealedPassword: sealedFor(relay) },
    },
  });

/** Six deliveries, numbered from 0, of a campaign in pause; the only relay whose Sent folder is read. Times are minutes ago. */
export async function openAccount(mailbox: Dovecot) {
  await sql`update relays set archived_at = now() where kind = 'smtp'`;
  await sql`delete from sent_folders`;
  const { campaign, relay } = await sendingCampaign({ port: 1, recipients: 6 });
  await sql`update campaigns set status = 'paused' where id = ${campaign}`;
  await giveMailbox(relay, mailbox);
  await sql`insert into sent_folders (relay_id, reading_since) values (${relay}, now() - interval '10 days')`;
  const rows = await sql<{
    id: number;
  }>`select id from deliveries where campaign_id = ${campaign} order by id`;
  const ids = rows.map(({ id }) => id);
  const nth = (n: number) => ids[n] ?? 0;
  const append = (raw: string, ago: number) =>
    mailbox.append(Buffer.from(raw), new Date(Date.now() - ago * 60_000), sentFolder);
  return {
    campaign,
    relay,
    ids,
    nth,
    /** Whatever is due later is due now. */
    read: async () => {
      await sql`update sent_folders set due_at = now() where relay_id = ${relay}`;
      await sql`update lookups set due_at = now() - interval '1 second'`;
      return readSentFolders();
    },
    status: (n: number) =>
      db.delivery.findUniqueOrThrow({ where: { id: nth(n) }, select: { status: true, reason: true } }),
    lookup: (n: number) => db.lookup.findUnique({ where: { deliveryId: nth(n) } }),
    folder: () => db.sentFolder.findUniqueOrThrow({ where: { relayId: relay } }),
    lose: (n: number, ago: number) => lose(relay, nth(n), ago),
    accept: (n: number, ago: number, attempts = 1) => accept(relay, nth(n), ago, attempts),
    file: (n: number, ago = 0) =>
      append(
        `To: r@c.example\r\nMessage-ID: ${messageId(firstLife(nth(n)), "iut.example")}\r\n\r\nBonjour\r\n`,
        ago,
      ),
    byHand: (to: string, ago = 0, more = "") =>
      append(`To: ${to}\r\n${more}Message-ID: <${Math.random()}@mail.example>\r\n\r\nBonjour\r\n`, ago),
    counted: (outcome: string) => counted(relay, outcome),
  };
}

/** As the sweep leaves it, the ledger included. */
async function lose(relay: number, id: number, ago: number) {
  await sql`
    with lost as (
      update deliveries set status = 'unknown', relay_id = ${relay}, attempts = 1, reason = 'workerLost',
        announced_at = now() - make_interval(secs => ${ago * 60 + 30}), unknown_at = now() - make_interval(secs => ${ago * 60})
      where id = ${id} returning relay_id, unknown_at, campaign_id, address
    )
    insert into relay_usage (relay_id, bucket, shard, campaign_id, domain, outcome, n)
    select relay_id, date_bin('10 seconds', unknown_at, 'epoch'), 0, campaign_id, domain_of(address), 'unknown', 1 from lost
    on conflict (relay_id, bucket, shard, campaign_id, domain, outcome, reason) do update set n = relay_usage.n + 1`;
}

async function accept(relay: number, id: number, ago: number, attempts: number) {
  await sql`
    with accepted as (
      update deliveries set status = 'sent', relay_id = ${relay}, attempts = ${attempts}, settled_at = now(),
        announced_at = now() - make_interval(secs => ${ago * 60})
      where id = ${id} returning *
    )
    insert into relay_usage (relay_id, bucket, shard, campaign_id, outcome, n)
    select relay_id, date_bin('10 seconds', announced_at, 'epoch'), 3, campaign_id, 'sent', 1 from accepted`;
}

async function counted(relay: number, outcome: string): Promise<number> {
  const [row] = await sql<{ n: number }>`
    select coalesce(sum(n), 0)::int as n from relay_usage
    where relay_id = ${relay} and outcome = ${outcome} and bucket > now() - interval '24 hours'`;
  return row?.n ?? 0;
}
