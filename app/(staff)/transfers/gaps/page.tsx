import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { formatCents, formatNumber } from "#lib/machine/format";
import { wallClock } from "#lib/machine/paris";
import { findRates } from "#lib/tax/rates/queries";
import { figureAt } from "#lib/tax/rules/rates";
import { type Gap, listGaps } from "#lib/tax/transfers/donors";
import { askedYear } from "#lib/tax/years/schema";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { Table } from "#ui/table";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Each pledge beside what came of it, and why that differs. */
export default async function GapsPage({ searchParams }: Props) {
  await gate("tax.read", "/transfers/gaps");
  const year = askedYear.parse((await searchParams).year) ?? Number(wallClock(new Date()).slice(0, 4));
  const rates = await findRates();
  const [t, locale, gaps] = [
    await getTranslations("transfers"),
    await getLocale(),
    await listGaps(year, rates),
  ];
  const fee = figureAt(rates, "fees", `${year - 1}-12`)?.value ?? "0";
  const amount = (cents: number) => formatCents(cents, locale);
  const promised = ({ lowCents, highCents }: Gap) =>
    lowCents === highCents
      ? amount(lowCents ?? 0)
      : t("gapsPage.between", { low: amount(lowCents ?? 0), high: amount(highCents ?? 0) });
  return (
    <>
      <PageHeader
        title={t("gapsPage.title", { year: String(year) })}
        lead={t("gapsPage.lead", { fee: formatNumber(Number(fee), locale) })}
        breadcrumbs={[{ label: t("title"), href: `/transfers?year=${year}` }]}
      />
      <Card flush>
        <Table
          caption={t("gaps")}
          rows={gaps}
          rowKey={(row) => row.pledgeId}
          empty={<p className="p-5 text-soft">{t("gapsPage.none")}</p>}
          columns={[
            {
              key: "name",
              label: t("donors.company"),
              heading: true,
              cell: (row) => (
                <Link
                  href={`/organisations/${row.organisationId}`}
                  className="rounded text-brand-text hover:underline"
                >
                  {row.name}
                </Link>
              ),
            },
            { key: "promised", label: t("gapsPage.promised"), numeric: true, cell: promised },
            {
              key: "received",
              label: t("gapsPage.received"),
              numeric: true,
              cell: (row) => amount(row.receivedCents),
            },
            {
              key: "causes",
              label: t("gapsPage.causes"),
              cell: ({ causes }) =>
                causes.length === 0 ? (
                  t("gapsPage.noGap")
                ) : (
                  <ul>
                    {causes.map(({ cause, cents, share = 0 }) => (
                      <li key={cause}>
                        <span className="nums font-medium">{amount(cents)}</span>{" "}
                        {t(`causes.${cause}`, { share: formatNumber(share / 100, locale) })}
                      </li>
                    ))}
                  </ul>
                ),
            },
          ]}
        />
      </Card>
    </>
  );
}
