import { getTranslations } from "next-intl/server";
import { handler } from "#lib/gates/handler";
import { csvResponse } from "#lib/machine/csv";
import { exportPledges, journalExport } from "#lib/tax/pledges/export";
import { campaignOf } from "../campaign.ts";

const cents = (text: string | null) => (text === null ? null : Number(text) / 100);

/** The list as it is filtered, as a file; who took it is written down. */
export const GET = handler("tax.export", async (request, user) => {
  const { year, search } = await campaignOf(Object.fromEntries(new URL(request.url).searchParams));
  const t = await getTranslations("pledges");
  const columns = ["company", "city", "target", "covers", "state", "since", "share", "low", "high"] as const;
  const more = ["received", "owner", "next", "nextOn"] as const;
  const headings = [...columns, ...more].map((key) => t(`columns.${key}`));
  const lines = exportPledges(year, search, headings, (row) => [
    row.name,
    row.city,
    row.target,
    t(`covers.${row.covers}`),
    t(`states.${row.state}`),
    row.stateSince,
    row.share === null ? null : row.share / 100,
    cents(row.lowCents),
    cents(row.highCents),
    cents(row.receivedCents),
    row.owner ?? "",
    row.nextStep,
    row.nextOn ?? "",
  ]);
  return csvResponse(lines, {
    filename: `${t("csv.filename")}-${year}.csv`,
    failure: (await getTranslations("errors"))("export"),
    journal: journalExport(user.id),
  });
});
