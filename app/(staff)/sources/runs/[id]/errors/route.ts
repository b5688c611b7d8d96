import { getTranslations } from "next-intl/server";
import { handler } from "#lib/gates/handler";
import { idOf } from "#lib/machine/asked";
import { csvLine, csvResponse } from "#lib/machine/csv";
import { limits } from "#lib/sites/sources/format";
import { findProgress, listRowErrors } from "#lib/sites/sources/queries";

/** What a webmaster is sent: each refused row with its line and cure. */
export const GET = handler("sources.read", async (_, __, params) => {
  const id = idOf(params.id);
  if (!id || !(await findProgress(id))) return new Response(null, { status: 404 });
  const t = await getTranslations("sources");
  const rows = await listRowErrors(id, 0, limits.recordedErrors);
  async function* lines() {
    yield `\ufeff${csvLine([t("columns.line"), t("columns.field"), t("columns.status"), t("columns.problem"), t("columns.value"), t("run.cure")])}`;
    for (const row of rows) {
      const { what, cure } = {
        what: t(`rowError.${row.reason}.what`),
        cure: t(`rowError.${row.reason}.cure`),
      };
      yield csvLine([
        row.line,
        row.field,
        row.rejected ? t("run.rejectedRow") : t("run.note"),
        what,
        row.value,
        cure,
      ]);
    }
  }
  return csvResponse(lines(), {
    filename: `sources-${id}.csv`,
    failure: (await getTranslations("errors"))("export"),
  });
});
