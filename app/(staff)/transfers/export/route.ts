import { getTranslations } from "next-intl/server";
import { handler } from "#lib/gates/handler";
import { wallClock } from "#lib/machine/paris";
import { workbookResponse } from "#lib/machine/sheets/write";
import { formatSiret } from "#lib/people/organisations/rules";
import { journalExport, listAccounts } from "#lib/tax/transfers/export";
import { askedYear } from "#lib/tax/years/schema";

/** The transfers of a campaign for accounting: texts stay texts (a SIRET too), amounts add up, days are days. */
export const GET = handler("tax.export", async (request, user) => {
  const asked = askedYear.parse(new URL(request.url).searchParams.get("year"));
  const year = asked ?? Number(wallClock(new Date()).slice(0, 4));
  const t = await getTranslations("transfers");
  return workbookResponse(
    async () => ({
      name: t("sheet", { year: String(year) }),
      headings: [
        t("columns.transfer"),
        t("columns.valueDate"),
        t("fields.siret"),
        t("fields.name"),
        t("fields.formation"),
        t("fields.amount"),
        t("one.company"),
        t("matchedOn"),
      ],
      widths: [10, 14, 20, 34, 26, 14, 34, 14],
      rows: (await listAccounts(year)).map((row) => [
        row.number,
        { day: row.valueDate },
        row.siret ? formatSiret(row.siret) : t("reliquat"),
        row.name,
        row.formation,
        { cents: row.cents },
        row.company,
        { day: row.matchedAt && wallClock(row.matchedAt).slice(0, 10) },
      ]),
    }),
    {
      filename: `${t("filename")}-${year}.xlsx`,
      failure: (await getTranslations("errors"))("export"),
      journal: journalExport(user.id),
    },
  );
});
