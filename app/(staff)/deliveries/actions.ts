"use server";
import { action } from "#lib/action";
import { recordAudit } from "#lib/audit/mutations";
import { settleInput } from "#lib/deliveries/schema";
import { settleUnknown } from "#lib/deliveries/unknown";

/** One decision for every letter of unknown outcome, or for one of them. */
export const settleLetters = action(
  "deliveries.settle",
  settleInput,
  async ({ decision, deliveryId }, user) => {
    const settled = await settleUnknown(null, decision, deliveryId);
    const fact = { action: "delivery.settled", subject: "delivery", subjectId: deliveryId ?? null } as const;
    await recordAudit({ ...fact, userId: user.id, data: { decision, settled } });
    return { ok: true };
  },
);
