import { recordAudit } from "#lib/department/audit/mutations";
import { sqlOn, transaction } from "#lib/machine/db";
import { ok } from "#lib/machine/result";
import { type RuleName, ruleBounds } from "#lib/office/privacy/rules";

/** Sets the durations that changed, each with who and when; one out of bounds refuses them all, at its field. */
export async function setRetention(amounts: Partial<Record<RuleName, number>>, by: number) {
  const asked = Object.entries(amounts) as [RuleName, number][];
  const wrong = asked.filter(
    ([rule, amount]) => amount < ruleBounds[rule].min || amount > ruleBounds[rule].max,
  );
  if (wrong.length > 0)
    return {
      ok: false as const,
      fields: Object.fromEntries(wrong.map(([rule]) => [rule, "privacy.errors.bounds"])),
    };
  await transaction(async (client) => {
    for (const [rule, amount] of asked) {
      const [changed] = await sqlOn(client)<{ before: number }>`
        with former as (select amount from retention_rules where rule = ${rule} for update)
        update retention_rules r set amount = ${amount}, user_id = ${by}, set_at = clock_timestamp() from former
        where r.rule = ${rule} and former.amount <> ${amount} returning former.amount as before`;
      if (!changed) continue;
      const data = { rule, before: changed.before, after: amount };
      await recordAudit({ userId: by, action: "privacy.ruleSet", subject: "privacy", data }, client);
    }
  });
  return ok;
}
