import { getTranslations } from "next-intl/server";
import { handler } from "#lib/gates/handler";
import { csvResponse } from "#lib/machine/csv";
import { wallClock } from "#lib/machine/paris";
import { formatSiret } from "#lib/people/organisations/rules";
import { exportAccounts, journalExport } from "#lib/tax/transfers/export";
import { askedYear } from "#lib/tax/years/schema";

/** The transfers of a campaign for accounting; a SIRET keeps its spaces, without which spreadsheets make it a number. */
export const GET = handler("tax.export", async (request, user) => {
  const asked = askedYear.parse(new URL(request.url).searchParams.get("year"));
  const year = asked ?? Number(wallClock(new Date()).slice(0, 4));
  const t = await getTranslations("transfers");
  const headings = [
    t("columns.transfer"),
    t("columns.valueDate"),
    t("fields.siret"),
    t("fields.name"),
    t("fields.formation"),
    t("fields.amount"),
    t("one.company"),
    t("matchedOn"),
  ];
  const lines = exportAccounts(year, headings, (row) => [
    row.number,
    row.valueDate ?? "",
    row.siret ? formatSiret(row.siret) : t("reliquat"),
    row.name,
    row.formation,
    row.cents / 100,
    row.company,
    row.matchedAt,
  ]);
  return csvResponse(lines, {
    filename: `${t("filename")}-${year}.csv`,
    failure: (await getTranslations("errors"))("export"),
    journal: journalExport(user.id),
  });
});
