import { getLocale, getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { formatMonth } from "#lib/machine/format";
import { wallClock } from "#lib/machine/paris";
import { findRates, listRates } from "#lib/tax/rates/queries";
import { editableKeys, readBands } from "#lib/tax/rates/rules";
import { type Band, rowAt } from "#lib/tax/rules/rates";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { Table } from "#ui/table";
import { RecordBands } from "./bands";
import { saidAs, sayFigure } from "./figures";
import { RecordRate } from "./record";
import { VerifyYear } from "./verify";

/** The figures of the law as dated, sourced data: a new one is laid over those that ship, which stay as history. */
export default async function TaxRatesPage() {
  await gate("settings.edit", "/settings/tax/rates");
  const rates = await findRates();
  const [t, s, c, locale] = [
    await getTranslations("tax.rates"),
    await getTranslations("settings"),
    await getTranslations("tax.campaigns"),
    await getLocale(),
  ];
  const nameOf = (key: keyof typeof saidAs) => t(`keys.${saidAs[key]}`);
  const csa = rowAt(rates, "csa", wallClock(new Date()).slice(0, 7))?.value;
  const percent = (figure: string) => sayFigure("main", figure, locale);
  const sayBand = ({ below, rate, large }: Band) =>
    t(large ? "bandLarge" : "band", {
      below: percent(below),
      rate: percent(rate),
      large: percent(large ?? rate),
    });
  const years = [...rates.years.values()].filter(({ year, verified }) => verified && year >= 2022);
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        breadcrumbs={[
          { label: s("title"), href: "/settings" },
          { label: c("years"), href: "/settings/tax" },
        ]}
      />
      <div className="flex flex-col gap-5">
        <Card title={t("list")} flush>
          <Table
            caption={t("list")}
            rows={listRates(rates)}
            rowKey={(row) => `${row.key} ${row.from} ${row.value} ${row.replaced}`}
            columns={[
              { key: "key", label: t("key"), heading: true, cell: (row) => nameOf(row.key) },
              { key: "from", label: t("month"), cell: (row) => formatMonth(row.from, locale) },
              {
                key: "value",
                label: t("value"),
                numeric: true,
                cell: (row) =>
                  row.value === null
                    ? t("none")
                    : row.key === "csa"
                      ? readBands(row.value).map((band) => (
                          <span key={band.below} className="block">
                            {sayBand(band)}
                          </span>
                        ))
                      : sayFigure(row.key, row.value, locale),
              },
              {
                key: "source",
                label: t("source"),
                cell: (row) => (
                  <span className="flex flex-wrap items-center gap-2">
                    {row.source}
                    {row.replaced && <Badge>{t("replaced")}</Badge>}
                    {row.unconfirmed && <Badge tone="warn">{t("unconfirmed")}</Badge>}
                  </span>
                ),
              },
            ]}
          />
        </Card>
        <Card title={t("record")} description={t("recordHint")}>
          <RecordRate keys={editableKeys.map((key) => ({ value: key, label: nameOf(key) }))} />
        </Card>
        <Card title={t("bands")} description={t("bandsHint")}>
          <RecordBands bands={Array.isArray(csa) ? csa : []} />
        </Card>
        <Card
          title={t("verify")}
          description={t("verifyHint", { years: years.map(({ year }) => year).join(", ") })}
        >
          <VerifyYear />
        </Card>
      </div>
    </>
  );
}
