/** What must hold after every round. Each finding says what is wrong and names a few of the rows. */
import { readFileSync } from "node:fs";
import { sql } from "#lib/machine/db";
import type { Scene } from "./scene.ts";
import { findQuotasWrong } from "./verify-quotas.ts";

export type Figures = Partial<{
  [status in "queued" | "sending" | "unknown" | "sent" | "failed" | "skipped"]: number;
}>;

type Row = {
  id: number;
  campaign: number;
  relay: number | null;
  address: string;
  status: string;
  reason: string | null;
  announced: number | null;
  attempts: { outcome: string }[];
};

/** Milliseconds an announcement already under way may be later than the click that forbids it: one statement of the journal. */
const UNDER_WAY = 250;

export async function countRows(): Promise<Figures> {
  const rows = await sql<{ status: string; n: number }>`
    select status::text, count(*)::int as n from deliveries group by status`;
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}

/** Everything that does not hold; empty when the round passed. */
export async function findWrong(scene: Scene, byHand: number): Promise<string[]> {
  const rows = await sql<Row>`
    select d.id, d.campaign_id as campaign, d.relay_id as relay, d.address, d.status::text, d.reason,
      extract(epoch from d.announced_at)::float8 * 1000 as announced,
      coalesce((select json_agg(json_build_object('outcome', a.outcome) order by a.id) from attempts a where a.delivery_id = d.id), '[]') as attempts
    from deliveries d order by d.id`;
  const times = new Map<string, number>();
  for (const { address } of scene.books.taken) times.set(address, (times.get(address) ?? 0) + 1);
  const wrong = [...scene.record.wrong];
  const check = (what: string, bad: Row[]) => {
    if (bad.length > 0) wrong.push(`${what}: ${bad.length} (${bad.slice(0, 5).map(describe).join(", ")})`);
  };
  const taken = (row: Row) => times.get(row.address) ?? 0;

  check(
    "received twice",
    rows.filter((row) => taken(row) > 1),
  );
  check(
    "sent, and not received",
    rows.filter((row) => row.status === "sent" && taken(row) === 0),
  );
  check(
    "received, and not sent",
    rows.filter((row) => row.status !== "sent" && taken(row) > 0),
  );
  check(
    "not settled",
    rows.filter(({ status }) => ["queued", "sending", "unknown"].includes(status)),
  );
  check(
    "failed, though never refused for good",
    rows.filter((row) => row.status === "failed" && !scene.books.refused.has(row.address)),
  );
  check(
    "refused for good, and neither failed nor stopped",
    rows.filter((row) => scene.books.refused.has(row.address) && !["failed", "skipped"].includes(row.status)),
  );
  check(
    "skipped without a reason",
    rows.filter((row) => row.status === "skipped" && !maySkip(scene, row)),
  );
  check(
    "announced after they were stopped",
    rows.filter((row) => taken(row) > 0 && announcedAfterStop(scene, row)),
  );
  check(
    "announced while paused or cancelled",
    rows.filter((row) => announcedInSilence(scene, row)),
  );
  check(
    "without a log of how they ended",
    rows.filter((row) => !isLogged(row)),
  );
  wrong.push(...(await findCountsWrong(scene)), ...findQuotasWrong(scene), ...findErrorsLogged(scene));
  const excuses = scene.record.inFlight + scene.conduct.unanswered();
  if (byHand > excuses) wrong.push(`${byHand} settled by hand, though only ${excuses} were in flight`);
  return wrong;
}

const describe = ({ id, status, reason, attempts }: Row) =>
  `${id} ${status}${reason ? ` ${reason}` : ""} after ${attempts.map(({ outcome }) => outcome).join("-") || "nothing"}`;

function maySkip({ record, books }: Scene, { address, campaign, reason }: Row): boolean {
  if (reason === "cancelled") return record.cancelled.includes(campaign);
  // Refused for good, and the worker died before it settled that: asked again, its own refusal had suppressed it.
  if (reason === "suppressed" && books.refused.has(address)) return true;
  return record.stopped.has(address) && (reason === "suppressed" || reason === "unsubscribed");
}

function announcedAfterStop({ record }: Scene, { address, announced }: Row): boolean {
  const stopped = record.stopped.get(address);
  return stopped !== undefined && announced !== null && announced > stopped + UNDER_WAY;
}

function announcedInSilence({ record }: Scene, { campaign, relay, announced }: Row): boolean {
  return record.silences.some(
    (one) =>
      announced !== null &&
      (one.campaign === undefined ? one.relay === relay : one.campaign === campaign) &&
      announced > one.from + UNDER_WAY &&
      announced < one.to,
  );
}

/** The log ends as the delivery did, and nothing ended twice. */
function isLogged({ status, reason, attempts }: Row): boolean {
  const final = attempts.filter(({ outcome }) => outcome === "sent" || outcome === "failed");
  if (status === "skipped") return final.length === 0 && reason !== null;
  return final.length === 1 && attempts.at(-1)?.outcome === status;
}

/** A database that is away is no fault of a worker; a deadlock or a statement it refuses is. */
function findErrorsLogged({ log }: Scene): string[] {
  const codes = readFileSync(log, "utf8").match(/(?<="code":")(?:40P01|2[23]\w{3}|42\w{3})(?=")/g) ?? [];
  return codes.length > 0 ? [`the database refused statements of the workers: ${codes.join(", ")}`] : [];
}

/** The ledger says what the server says, and the counters what the rows say. */
async function findCountsWrong({ mailing, books }: Scene): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, relay] of [
    ["first", mailing.relay],
    ["spare", mailing.spare],
  ] as const) {
    const took = books.taken.filter((one) => one.relay === name).length;
    const [ledger] = await sql<{ n: number; negative: number }>`
      select coalesce(sum(n), 0)::int as n, count(*) filter (where n < 0)::int as negative from relay_usage
      where relay_id = ${relay} and outcome in ('sent', 'unknown')`;
    if (ledger?.n !== took)
      wrong.push(`the ledger of the ${name} relay says ${ledger?.n}, its server took ${took}`);
    if (ledger?.negative) wrong.push(`${ledger.negative} rows of the ledger are below zero`);
  }
  const totals = await sql<{ campaign: number; status: string; counted: number; real: number }>`
    with counted as (
      select campaign_id, status, sum(n)::int as n from campaign_totals, lateral (values
        ('queued', queued), ('sending', sending), ('unknown', unknown), ('sent', sent), ('failed', failed), ('skipped', skipped)
      ) as v (status, n) group by campaign_id, status
    ), really as (
      select campaign_id, status::text, count(*)::int as n from deliveries group by campaign_id, status
    )
    select c.campaign_id as campaign, c.status, c.n as counted, coalesce(r.n, 0) as real
    from counted c left join really r using (campaign_id, status) where c.n <> coalesce(r.n, 0)`;
  for (const { campaign, status, counted, real } of totals)
    wrong.push(`campaign ${campaign} counts ${counted} ${status}, its rows ${real}`);
  return wrong;
}
