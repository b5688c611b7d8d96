import { sql } from "#lib/machine/db";
import type { DeliveryName } from "#lib/machine/tokens";

/** A delivery of a database that no worker has beaten in: of its first life. */
export const firstLife = (id: number): DeliveryName => ({ id, generation: 0 });

/** The name of a delivery that is here. @throws when it is not. */
export async function nameOf(id: number): Promise<DeliveryName> {
  const [row] = await sql<DeliveryName>`select id, generation from deliveries where id = ${id}`;
  if (!row) throw new Error(`delivery ${id} is gone`);
  return row;
}
