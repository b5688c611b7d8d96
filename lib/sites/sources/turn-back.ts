/** A run that is stopped between two slices: its people go back, and what is remembered of them, so that the next run says the same again. */
import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { reopenDecision } from "#lib/people/change-sets/decide";
import { type Slices, turnBack } from "#lib/people/change-sets/slices";
import { undoChangeSets } from "#lib/people/change-sets/undo";
import { type Run, RunLost } from "#lib/sites/sources/receive";
import type { FileRefused } from "#lib/sites/sources/refusal";

/** What is remembered of the rows of a slice, before it is written. */
export const keepBefore = (client: pg.PoolClient, runId: number) =>
  client.query(
    `insert into remembered_before (run_id, identity_id, row_hash, memory)
     select $1, e.id, e.row_hash, to_jsonb(r) from staged s join external_identities e on e.id = s.identity_id
     left join remembered_rows r on r.identity_id = e.id
     on conflict do nothing`,
    [runId],
  );

/** Somebody of the book whom this source names for the first time. */
export const noteFresh = (client: pg.PoolClient, { id, sourceId }: Pick<Run, "id" | "sourceId">) =>
  client.query(
    `insert into remembered_before (run_id, identity_id, fresh)
     select $1, e.id, true from staged s join external_identities e on e.source_id = $2 and e.external_id = s.external_id
     where s.identity_id is null and not s.created
     on conflict do nothing`,
    [id, sourceId],
  );

export const forgetBefore = (client: pg.PoolClient, runId: number) => sqlOn(client)`
  delete from remembered_before where run_id = ${runId}`;

/**
 * Takes back what a run has written in slices, for the reason given; whoever is killed meanwhile leaves it to the next
 * worker. The run itself still says `running`.
 * @unaudited The run is its own entry; whoever stopped it was audited then.
 */
export async function takeBack(run: Run, refusal: FileRefused, slices: Slices): Promise<void> {
  const { setId } = run;
  if (setId === null) return;
  await transaction(async (client) => {
    const mine = await sqlOn(client)`
      update sync_runs set error = ${refusal.reason}, error_line = ${refusal.line}, error_data = ${JSON.stringify(refusal.data)}
      where id = ${run.id} and status = 'running' and attempts = ${run.attempts} returning id`;
    if (mine.length === 0) throw new RunLost();
    await turnBack(client, setId);
  });
  while (!(await isBack(setId))) {
    const failed = await undoChangeSets(slices).then(
      () => false,
      (error: Error) => {
        log.warn({ runId: run.id, reason: error.message }, "run taken back later");
        return true;
      },
    );
    await wait(failed ? 5_000 : 100);
  }
  await transaction(async (client) => {
    await remember(client, run.id);
    if (run.origin === "decision" && run.proposalId) await reopenDecision(client, run.proposalId);
    await sqlOn(client)`update sync_runs set created = 0, updated = 0 where id = ${run.id}`;
  });
}

const isBack = async (setId: number) =>
  (await sql`select from change_sets where id = ${setId} and status = 'undoing'`).length === 0;

async function remember(client: pg.PoolClient, runId: number) {
  await sqlOn(client)`
    delete from external_identities e using remembered_before b where b.run_id = ${runId} and b.fresh and e.id = b.identity_id`;
  await sqlOn(client)`
    update external_identities e set row_hash = b.row_hash, text_hash = null from remembered_before b where b.run_id = ${runId} and e.id = b.identity_id`;
  await sqlOn(client)`
    delete from remembered_rows r using remembered_before b where b.run_id = ${runId} and r.identity_id = b.identity_id`;
  await sqlOn(client)`
    insert into remembered_rows select m.* from remembered_before b,
      jsonb_populate_record(null::remembered_rows, b.memory || jsonb_build_object('organisation_id',
        (select o.id from organisations o where o.id = (b.memory ->> 'organisation_id')::int))) m
    where b.run_id = ${runId} and b.memory is not null`;
  await forgetBefore(client, runId);
}
