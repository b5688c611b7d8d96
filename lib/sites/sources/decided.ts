/** What somebody decided of a run's proposal, laid upon the rows of its file: they alone are written, and no more of them. */
import type pg from "pg";
import { keyFor } from "#lib/machine/seal";
import { closeDecision, settleChanges, weigh, weighAgain } from "#lib/people/change-sets/decide";
import { hashOfRow } from "#lib/sites/sources/identify";
import { FileRefused } from "#lib/sites/sources/refusal";

/** A postal address is one thing: taken or left whole. */
const postal = "{street,postcode,city,country}";

const folded = (verdict: string) => `
  (select case when v && '${postal}' then v || '${postal}' else v end
   from (select coalesce(array_agg(w.field) filter (where w.verdict = '${verdict}'), '{}') as v) a)`;

/** Nobody new, nobody else, and nothing that is not as it was shown. */
const lay = `
  update staged s set wanted = case when d.created then null else array(select unnest(d.wanted) except select unnest(d.refused)) end,
    refused = d.refused, open = d.open, waits = false
  from (select w.key, min(w.contact_id) as contact_id, bool_or(w.sort = 'created') as created, bool_or(w.verdict = 'accepted') as any_wanted,
      bool_or(w.verdict = 'refused') as any_refused,
      ${folded("accepted")} as wanted, ${folded("refused")} as refused,
      array_agg(w.field) filter (where w.verdict in ('open', 'stale')) as later
    from weighed w where w.sort <> 'archived' group by w.key) p
  cross join lateral (select p.created, p.wanted, p.refused, coalesce(p.later, '{}') as open) d
  where p.key = s.external_id and p.contact_id is not distinct from s.contact_id
    and (p.any_wanted or (p.any_refused and not p.created))`;

/** Whom staff do not want is not proposed again. */
const refuse = `
  insert into refused_identities (source_id, hash, user_id)
  select $1, ${hashOfRow("key")}, $3 from weighed where sort = 'created' and verdict = 'refused'
  on conflict do nothing`;

const keepAbsent = `
  update external_identities e set absence_kept = true from weighed w
  where w.sort = 'archived' and w.verdict = 'refused' and e.source_id = $1 and e.external_id = w.key`;

type Decides = { decides?: number | null; sourceId: number; userId: number | null; kept?: boolean };

/** Between whom the rows are and what is written of them. Throws FileRefused when the proposal waits no more. */
export async function layDecision(client: pg.PoolClient, { decides, kept }: Decides): Promise<void> {
  if (!decides) return;
  if (!(await weigh(client, decides, kept))) throw new FileRefused("superseded");
  await client.query("update staged s set waits = true");
  await client.query(lay);
  await client.query(
    "update absent a set wanted = w.verdict = 'accepted' from weighed w where w.key = a.external_id and w.sort = 'archived'",
  );
}

/** The same of a slice, whose people may have changed since the decision was laid. */
export async function layAgain(client: pg.PoolClient, { decides }: Decides): Promise<void> {
  if (!decides) return;
  await weighAgain(
    client,
    "whole_weighed",
    "select external_id from staged union all select external_id from absent",
  );
  await client.query("update staged s set waits = true");
  await client.query(lay);
  await settleChanges(client);
}

/** When it is carried out: what is not to be proposed again, and what became of the proposal. */
export async function endDecision(
  client: pg.PoolClient,
  { decides, sourceId, userId }: Decides,
): Promise<void> {
  if (!decides) return;
  await client.query(refuse, [sourceId, keyFor("erasure"), userId]);
  await client.query(keepAbsent, [sourceId]);
  await settleChanges(client);
  await closeDecision(client, decides);
}
