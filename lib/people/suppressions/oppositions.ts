/** The list of oppositions: who is not written to, since when, and what proves it. */
import { type By, recordAudit } from "#lib/department/audit/mutations";
import { csvLine } from "#lib/machine/csv";
import { pool, sqlOn, transaction } from "#lib/machine/db";
import { type Page, pageOf, readCursor, Values } from "#lib/machine/keyset";
import type { Result } from "#lib/machine/result";
import { foldAddress, hashAddress } from "#lib/machine/seal";
import { named, searchTerms } from "#lib/people/contacts/terms";
import type { ListLine } from "#lib/people/suppressions/read-list";
import type { OppositionSearch } from "#lib/people/suppressions/schema";

export type Opposition = {
  id: number;
  reason: "unsubscribe" | "hard_bounce" | "complaint" | "manual" | "erasure";
  /** The only newsletter it stops; null: all mail that heeds the reason. */
  topic: string | null;
  at: Date;
  contactId: number | null;
  name: string | null;
  /** Null once nobody here has it: only its hash is kept. */
  address: string | null;
  hash: string;
  note: string;
  /** How it was asked (subscription_events.via), by whom here, and the mails that prove it. */
  via: string | null;
  by: string | null;
  deliveryId: number | null;
  campaignId: number | null;
  receivedMailId: number | null;
};

const size = 50;

const columns = `x.id, x.reason::text, t.name as topic, x.created_at as at, m.contact_id as "contactId",
  nullif(btrim(c.first_name || ' ' || c.last_name), '') as name, m.address, left(encode(x.address_hash, 'hex'), 12) as hash, x.note,
  e.via, coalesce(w.name, u.name) as by, coalesce((e.proof ->> 'deliveryId')::int, b.delivery_id) as "deliveryId",
  d.campaign_id as "campaignId", b.received_mail_id as "receivedMailId"`;

/** What proves it stands where it happened: the history of subscriptions, or the verdicts on what was sent there. */
const joins = `left join topics t on t.id = x.topic_id
  left join email_addresses m on m.address_hash = x.address_hash left join contacts c on c.id = m.contact_id
  left join users w on w.id = x.user_id
  left join lateral (select e.via, e.proof, e.user_id from subscription_events e
    where x.reason in ('unsubscribe', 'manual') and e.contact_id = m.contact_id and e.change = 'unsubscribed'
      and (x.topic_id is null or e.topic_id = x.topic_id) and e.at <= x.created_at + interval '1 minute'
    order by e.id desc limit 1) e on true
  left join users u on u.id = e.user_id
  left join lateral (select b.delivery_id, b.received_mail_id from deliveries l join bounces b on b.delivery_id = l.id
    where x.reason in ('hard_bounce', 'complaint') and l.contact_id = m.contact_id and l.address_hash = x.address_hash
      and (b.class = 'complaint') = (x.reason = 'complaint') and b.overturned_at is null
    order by b.id desc limit 1) b on true
  left join deliveries d on d.id = coalesce((e.proof ->> 'deliveryId')::int, b.delivery_id)`;

/** Fifty that stand, newest first. A whole address is looked for by its hash: found even when nobody has it any more. */
export async function listOppositions(search: OppositionSearch): Promise<Page<Opposition>> {
  const cursor = readCursor(search, ["id"]);
  const values = new Values();
  const where = ["x.lifted_at is null", ...conditions(search, values)];
  if (cursor) where.push(`x.id ${cursor.backward ? ">" : "<"} ${values.add(cursor.keys[0])}::int`);
  const way = cursor?.backward ? "" : " desc";
  const { rows } = await pool().query<Opposition>(
    `select ${columns} from (select x.* from suppressions x where ${where.join(" and ")}
       order by x.id${way} limit ${size + 1}) x ${joins} order by x.id${way}`,
    values.list,
  );
  return pageOf(rows, size, cursor, ({ id }) => [id]);
}

function conditions({ q, reason }: OppositionSearch, values: Values): string[] {
  const where = reason ? [`x.reason = ${values.add(reason)}::"SuppressionReason"`] : [];
  const terms = searchTerms(q);
  if (!terms) return where;
  const [address] = terms.parts;
  if (address?.includes("@"))
    return [...where, `x.address_hash = ${values.add(Buffer.from(hashAddress(foldAddress(address))))}`];
  return [
    ...where,
    `x.address_hash in (select a.address_hash from email_addresses a join contacts c on c.id = a.contact_id
      where ${named(terms, values, "c.sort_name")})`,
  ];
}

/** The list as a file, page by page; headings and cells are put in words by the caller. */
export async function* exportOppositions(
  search: OppositionSearch,
  headings: string[],
  cells: (row: Opposition) => (string | Date | null)[],
): AsyncGenerator<string> {
  let head = `\ufeff${csvLine(headings)}`;
  let after: string | null | undefined;
  do {
    const { rows, next } = await listOppositions({ ...search, before: undefined, after: after ?? undefined });
    yield head + rows.map((row) => csvLine(cells(row))).join("");
    head = "";
    after = next;
  } while (after);
}

/** Writes down who took the list, or could not; a reading has no transaction to be part of. */
export const journalExport = (by: By) => (what: "exported" | "exportFailed") =>
  recordAudit({ userId: by, action: `opposition.${what}`, subject: "opposition" }, pool());

/** How many of these addresses are under such an opposition already. */
export async function countKnown(lines: ListLine[]): Promise<number> {
  const hashes = lines.map(({ address }) => Buffer.from(hashAddress(address)));
  const [row] = await sqlOn(pool())<{ n: number }>`
    select count(*)::int as n from suppressions
    where address_hash = any(${hashes}::bytea[]) and topic_id is null and reason = 'manual' and lifted_at is null`;
  return row?.n ?? 0;
}

/** Nothing is written to these addresses any more, whoever has them; what stood already stands as it was. */
export const importOppositions = (
  lines: ListLine[],
  note: string,
  by: number,
): Promise<Result<{ written: number }>> =>
  transaction(async (client) => {
    const rows = await sqlOn(client)`
      insert into suppressions (address_hash, reason, created_at, note, user_id)
      select hash, 'manual', coalesce(day::date::timestamp at time zone 'Europe/Paris', clock_timestamp()), ${note}, ${by}::int
      from unnest(${lines.map(({ address }) => Buffer.from(hashAddress(address)))}::bytea[], ${lines.map(({ on }) => on)}::text[]) as l (hash, day)
      on conflict (address_hash, topic_id, reason) where lifted_at is null do nothing returning id`;
    await recordAudit(
      { userId: by, action: "opposition.imported", subject: "opposition", data: { count: rows.length } },
      client,
    );
    return { ok: true, written: rows.length };
  });
