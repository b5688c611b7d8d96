/** The deliveries of a campaign as its page lists and exports them. */

import type { DeliveryStatus } from "#db/enums";
import { actOn, type By, recordAudit } from "#lib/department/audit/mutations";
import type { Outcome } from "#lib/letters/campaigns/schema";
import { idOf } from "#lib/machine/asked";
import { csvLine } from "#lib/machine/csv";
import { db, pool } from "#lib/machine/db";

export type OutcomeRow = {
  id: number;
  contactId: number | null;
  name: string | null;
  address: string;
  status: DeliveryStatus;
  reason: string | null;
  reply: string | null;
  attempts: number;
  settledAt: Date | null;
  bounce: string | null;
  bouncedAt: Date | null;
  repliedAt: Date | null;
  unsubscribedAt: Date | null;
};

/** Each in the order of one index: (campaign_id, address), (campaign_id, status, id), or the partial ones. */
const filters: Record<Outcome, string> = {
  all: "true",
  queued: "d.status = 'queued'",
  sending: "d.status = 'sending'",
  unknown: "d.status = 'unknown'",
  sent: "d.status = 'sent'",
  failed: "d.status = 'failed'",
  skipped: "d.status = 'skipped'",
  // As it is counted: what was accepted and came back.
  bounced: "d.bounced_at is not null and d.status = 'sent'",
  replied: "d.replied_at is not null",
  unsubscribed: "d.unsubscribed_at is not null",
};

/**
 * One page of a campaign's deliveries with an outcome. `after` is the `next` of the page before: an address when
 * all are listed, an id otherwise.
 */
export async function listOutcomes(campaignId: number, outcome: Outcome, after: string | null, size = 50) {
  const key = outcome === "all" ? "d.address" : "d.id";
  const type = outcome === "all" ? "text" : "int";
  const from = outcome === "all" ? after : after === null ? null : (idOf(after) ?? 0);
  const { rows } = await pool().query<OutcomeRow>({
    text: `select d.id, d.contact_id as "contactId", nullif(concat_ws(' ', nullif(c.first_name, ''), c.last_name), '') as name,
        d.address, d.status, d.reason, d.reply, d.attempts, d.settled_at as "settledAt", d.bounce, d.bounced_at as "bouncedAt",
        d.replied_at as "repliedAt", d.unsubscribed_at as "unsubscribedAt"
      from deliveries d left join contacts c on c.id = d.contact_id
      where d.campaign_id = $1 and ${filters[outcome]} and ($2::${type} is null or ${key} > $2::${type})
      order by ${key} limit $3`,
    values: [campaignId, from, size + 1],
  });
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    rows: page,
    next: rows.length > size && last ? String(outcome === "all" ? last.address : last.id) : null,
  };
}

/** One delivery with each attempt, oldest first. */
export function findOutcome(campaignId: number, id: number) {
  return db.delivery.findFirst({
    where: { id, campaignId },
    select: {
      id: true,
      address: true,
      status: true,
      reason: true,
      reply: true,
      attemptLog: {
        select: { n: true, at: true, outcome: true, reason: true, reply: true },
        orderBy: { id: "asc" },
        take: 100,
      },
    },
  });
}

const columns = [
  "address",
  "name",
  "status",
  "reason",
  "reply",
  "attempts",
  "settledAt",
  "bounce",
  "bouncedAt",
  "repliedAt",
  "unsubscribedAt",
] as const;

/**
 * Every delivery as CSV for a French spreadsheet: UTF-8 with its mark, semicolons, CRLF, instants in ISO 8601.
 * Yields a thousand rows at a time, so that a million costs no memory; the titles with the first.
 */
export async function* exportOutcomes(
  campaignId: number,
  outcome: Outcome,
  titles: Record<(typeof columns)[number], string>,
): AsyncGenerator<string> {
  let head = `\uFEFF${csvLine(columns.map((column) => titles[column]))}`;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listOutcomes>> = await listOutcomes(
      campaignId,
      outcome,
      after,
      1000,
    );
    yield head + page.rows.map((row) => csvLine(columns.map((column) => row[column]))).join("");
    head = "";
    after = page.next;
  } while (after !== null);
}

/** Writes down who took the file, or could not; a reading has no transaction to be part of. */
export const journalExport = (id: number, outcome: Outcome, by: By) => (what: "exported" | "exportFailed") =>
  recordAudit(actOn(`campaign.${what}`, id, by, { outcome }), pool());
