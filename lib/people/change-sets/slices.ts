/**
 * A set too large for one transaction: written, and undone, in slices that each commit their people and the set's counts
 * together. While it is `applying` nobody reads it as done; stopped, it turns back by the same machinery as any undo.
 */
import type pg from "pg";
import { type Runner, sqlOn } from "#lib/machine/db";
import { sumUp } from "#lib/people/change-sets/record";

/** Up to `atOnce` people are one transaction, all or nothing; more go in slices of so many, so that no save waits long. */
export type Slices = { atOnce: number; slice: number };
export const slices: Slices = { atOnce: 20_000, slice: 2_000 };

/**
 * A set that is about to be written in slices; its number. `planned`: people it will look at, whether it changes them or not.
 * @unaudited The set is itself the account of an act, which its own noun audits.
 */
export async function openSet(
  client: Runner,
  kind: "sync",
  by: number | null,
  planned: number,
): Promise<number> {
  const [set] = await sqlOn(client)<{ id: number }>`
    insert into change_sets (kind, status, user_id, planned) values (${kind}, 'applying', ${by}, ${planned}) returning id`;
  return set?.id ?? 0;
}

/**
 * So many more people are dealt with.
 * @unaudited Part of the writing of the set.
 */
export const advance = (client: Runner, id: number, people: number) => sqlOn(client)`
  update change_sets set written = written + ${people} where id = ${id} and status = 'applying'`;

/**
 * All is written: the set is as one written at once. False when nothing had to be, and there is no set.
 * @unaudited Part of the writing of the set.
 */
export async function closeSet(client: pg.PoolClient, id: number): Promise<boolean> {
  await sqlOn(client)`update change_sets set status = 'applied' where id = ${id} and status = 'applying'`;
  return sumUp(client, id);
}

/**
 * What is written of it goes back, as in any undo.
 * @unaudited Whoever stopped the act is audited by its own noun.
 */
export async function turnBack(client: pg.PoolClient, id: number): Promise<void> {
  await sqlOn(client)`
    update change_sets set status = 'undoing', position = 0 where id = ${id} and status = 'applying'`;
  await sumUp(client, id, { empty: true });
}
