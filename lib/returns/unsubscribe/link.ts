/** Where a link of a letter leads: to its own reader, or to nobody. */
import { findNamed } from "#lib/letters/deliveries/names";
import { type Result, refused } from "#lib/machine/result";
import { type DeliveryName, readToken, type TokenPurpose } from "#lib/machine/tokens";

type Followed = Result<{ deliveryId: number; delivery: DeliveryName }, "incomplete" | "lost">;

/** `incomplete`: cut, or not ours. `lost`: ours, of a letter that this database does not know, or no more. */
export async function followLink(purpose: TokenPurpose, token: string): Promise<Followed> {
  const delivery = readToken(purpose, token);
  if (!delivery) return refused("incomplete");
  const [deliveryId] = await findNamed([delivery]);
  return deliveryId === undefined ? refused("lost") : { ok: true, deliveryId, delivery };
}

/** Whether we signed it for a letter that is not here: cut by nobody, and no use to its reader all the same. */
export async function leadsNowhere(purpose: TokenPurpose, token: string): Promise<boolean> {
  const link = await followLink(purpose, token);
  return !link.ok && link.reason === "lost";
}
