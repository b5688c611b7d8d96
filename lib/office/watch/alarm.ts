/**
 * The web process looks at the installation and writes to its administrators itself: the worker, which sends everything
 * else, may be what is wrong. One mail a fault, and none again within the day it lasts or comes back in (decision 52).
 */
import MailComposer from "nodemailer/lib/mail-composer";
import { createTranslator } from "use-intl/core";
import { getHouse, type House } from "#lib/department/settings/house";
import { signedAs } from "#lib/letters/dkim/sign";
import { getRelayAccess } from "#lib/letters/relays/access";
import { openConnection } from "#lib/letters/relays/connection";
import { inOnePiece } from "#lib/letters/relays/message";
import { sql } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { catalogs } from "#lib/machine/messages/catalog";
import { listFaults } from "./measures.ts";
import { type Fault, lookSeconds, patience } from "./rules.ts";

/** A machine that starts: its worker is not silent, only not there yet. */
const FIRST_LOOK = 90_000;

type Administrator = { email: string; locale: "fr" | "en" };
type Sender = { relayId: number; address: string; displayName: string };

/** Looks every half minute for as long as the process lives. Several may do so: each fault is told by one. */
export function startWatch(): void {
  const look = async () => {
    await watch().catch((error: unknown) =>
      log.error({ err: error }, "the installation could not be watched"),
    );
    setTimeout(look, lookSeconds * 1000).unref();
  };
  setTimeout(look, FIRST_LOOK).unref();
}

/** @unaudited The web process's own look; nobody did it. How many faults were told of. */
export async function watch(): Promise<number> {
  const faults = await listFaults();
  const fresh = await remember(faults);
  if (fresh.length === 0) return 0;
  if (await tell(fresh)) return fresh.length;
  log.error({ faults: fresh.map(({ kind }) => kind) }, "no administrator could be written to");
  await forget(fresh);
  return 0;
}

/** The faults that nobody was told of, that lasted, and that this process has just taken upon itself to tell. Held, nothing is told. */
async function remember(faults: Fault[]): Promise<Fault[]> {
  const [kinds, subjects] = [faults.map(({ kind }) => kind), faults.map(({ subject }) => subject)];
  await sql`
    update faults f set ended_at = clock_timestamp()
    where ended_at is null and not exists (
      select from unnest(${kinds}::text[], ${subjects}::int[]) now(kind, subject) where (now.kind, now.subject) = (f.kind, f.subject))`;
  await sql`delete from faults where ended_at < clock_timestamp() - interval '1 day'`;
  await sql`
    insert into faults (kind, subject) select * from unnest(${kinds}::text[], ${subjects}::int[])
    on conflict (kind, subject) do update set ended_at = null,
      since = case when faults.ended_at is not null and faults.told_at is null then clock_timestamp() else faults.since end`;
  const waits = kinds.map((kind) => patience[kind] ?? 0);
  const mine = await sql<{ kind: string; subject: number }>`
    update faults f set told_at = clock_timestamp()
    from unnest(${kinds}::text[], ${subjects}::int[], ${waits}::int[]) now(kind, subject, wait)
    where (now.kind, now.subject) = (f.kind, f.subject) and since <= clock_timestamp() - make_interval(secs => now.wait)
      and told_at is null and ended_at is null and (retry_at is null or retry_at <= clock_timestamp())
      and exists (select from installation where held_at is null)
    returning f.kind, f.subject`;
  const taken = new Set(mine.map(({ kind, subject }) => `${kind} ${subject}`));
  return faults.filter(({ kind, subject }) => taken.has(`${kind} ${subject}`));
}

/** Not reached: again in five minutes, not at each look. A wrong password asked for too often closes an account. */
async function forget(faults: Fault[]): Promise<void> {
  await sql`
    update faults set told_at = null, retry_at = clock_timestamp() + interval '5 minutes'
    where (kind, subject) in (
      select * from unnest(${faults.map(({ kind }) => kind)}::text[], ${faults.map(({ subject }) => subject)}::int[]))`;
}

/** By the first account that takes it, the application's own before the others; true when somebody was reached. */
async function tell(faults: Fault[]): Promise<boolean> {
  const [administrators, house] = [await listAdministrators(), await getHouse()];
  for (const sender of await listSenders()) {
    const reached = await tellBy(sender, administrators, faults, house).catch((error: unknown) => {
      log.warn({ err: error, relay: sender.relayId }, "an account did not take the alarm");
      return false;
    });
    if (reached) return true;
  }
  return false;
}

const listAdministrators = () => sql<Administrator>`
  select email, locale from users where role = 'administrator' and disabled_at is null
  order by id limit 20`;

const listSenders = () => sql<Sender>`
  select r.id as "relayId", i.address, i.display_name as "displayName"
  from identities i join relays r on r.id = i.relay_id
  where r.kind = 'smtp' and r.archived_at is null and i.archived_at is null and r.tested_at is not null
  order by i.is_default desc, i.id limit 10`;

async function tellBy(sender: Sender, administrators: Administrator[], faults: Fault[], house: House) {
  const connection = await openConnection(await getRelayAccess(sender.relayId));
  if ("kind" in connection) return false;
  try {
    let reached = false;
    for (const { email, locale } of administrators) {
      const raw = await signedAs(
        sender.address,
        inOnePiece(await compose(sender, email, faultsMail(faults, locale, house))),
      );
      const [outcome] = await connection.send(sender.address, [email], raw, () => true);
      if (outcome?.kind === "lost") return reached;
      reached ||= outcome?.kind === "accepted";
    }
    return reached;
  } finally {
    connection.close();
  }
}

/** A few plain lines: whatever else is broken, they can be written and read. */
export function faultsMail(faults: Fault[], locale: "fr" | "en", { product, publicUrl }: House) {
  const t = createTranslator({ locale, messages: catalogs[locale], namespace: "installation.watch" });
  const lines = faults.map(
    ({ kind, who, figure }) =>
      `• ${t(`${kind}.title`, { who, n: figure ?? 0 })}\n  ${t(`${kind}.cure`, { who, n: figure ?? 0 })}`,
  );
  return {
    subject: t("subject", { product, n: faults.length }),
    text: [t("intro", { product }), ...lines, `${t("where")} ${publicUrl}/installation`].join("\n\n"),
  };
}

function compose(sender: Sender, to: string, { subject, text }: { subject: string; text: string }) {
  const from = { name: sender.displayName, address: sender.address };
  const headers = { "Auto-Submitted": "auto-generated" };
  return new MailComposer({ from, to, subject, text, headers }).compile().build();
}
