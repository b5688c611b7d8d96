/** From the names that links and mails carry to the deliveries of this database. */
import { pool, type Runner, sqlOn } from "#lib/machine/db";
import type { DeliveryName } from "#lib/machine/tokens";

/**
 * Those that are here, in the order of their names. A number dealt by a life that was lost is nobody's: after a restore
 * the delivery that has it now is another reader's (decision 42).
 */
export async function listNamed(
  names: readonly DeliveryName[],
  runner: Runner = pool(),
): Promise<DeliveryName[]> {
  if (names.length === 0) return [];
  return sqlOn(runner)<DeliveryName>`
    select d.id, d.generation from unnest(${names.map(({ id }) => id)}::bigint[], ${names.map(({ generation }) => generation)}::bigint[])
      with ordinality as named (id, generation, n)
    join deliveries d on d.id = named.id and d.generation = named.generation
    order by named.n`;
}

/** The same: their numbers. */
export const findNamed = async (names: readonly DeliveryName[], runner: Runner = pool()): Promise<number[]> =>
  (await listNamed(names, runner)).map(({ id }) => id);
