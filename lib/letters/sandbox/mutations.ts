import { auditedRows, type By } from "#lib/department/audit/mutations";
import { ok, type Result } from "#lib/machine/result";

/** Empties both folders. What was already read from the mailbox stays in « Retours ». */
export const clearSandbox = (by: By): Promise<Result<{ count: number }>> =>
  auditedRows({ userId: by, action: "sandbox.cleared", subject: "sandbox" }, async (rows) => {
    const { count } = await rows.sandboxMessage.deleteMany({});
    return { ...ok, count };
  });
