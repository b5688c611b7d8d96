import { getTranslations } from "next-intl/server";
import { handler } from "#lib/gates/handler";
import { csvResponse } from "#lib/machine/csv";
import { exportOppositions, journalExport } from "#lib/people/suppressions/oppositions";
import { oppositionSearch } from "#lib/people/suppressions/schema";

/** The list as it is filtered, as a file; who took it is written down. */
export const GET = handler("contacts.export", async (request, user) => {
  const search = oppositionSearch.parse(Object.fromEntries(new URL(request.url).searchParams));
  const t = await getTranslations("oppositions");
  const headings = (["address", "name", "reason", "scope", "at", "how", "note", "hash"] as const).map((key) =>
    t(`columns.${key}`),
  );
  const lines = exportOppositions(search, headings, (row) => [
    row.address,
    row.name,
    t(`reasons.${row.reason}`),
    row.topic ?? t("all"),
    row.at,
    row.via && t.has(`via.${row.via as "page"}`) ? t(`via.${row.via as "page"}`) : "",
    row.note,
    row.hash,
  ]);
  return csvResponse(lines, {
    filename: `${t("csv")}.csv`,
    failure: (await getTranslations("errors"))("export"),
    journal: journalExport(user.id),
  });
});
