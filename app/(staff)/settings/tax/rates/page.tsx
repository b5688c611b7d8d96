import { getLocale, getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { formatNumber } from "#lib/machine/format";
import { findRates, listRates } from "#lib/tax/rates/queries";
import { type EditableKey, editableKeys } from "#lib/tax/rates/rules";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { Table } from "#ui/table";
import { RecordRate } from "./record";
import { VerifyYear } from "./verify";

/** Where each key is said in the catalog, whose keys have no dots. */
const saidAs = {
  main: "main",
  "main.alsaceMoselle": "mainMoselle",
  solde: "solde",
  fees: "fees",
  "creance.euros": "creanceEuros",
  "creance.above": "creanceAbove",
  "creance.cap": "creanceCap",
  "creance.staff": "creanceStaff",
  "csa.staff": "csaStaff",
  "exempt.month": "exemptMonth",
} as const satisfies Record<EditableKey, string>;

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
  const nameOf = (key: EditableKey) => t(`keys.${saidAs[key]}`);
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
              { key: "from", label: t("month"), cell: (row) => row.from },
              {
                key: "value",
                label: t("value"),
                numeric: true,
                cell: (row) => (row.value === null ? t("none") : formatFigure(row.value, locale)),
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

const formatFigure = (value: string, locale: string) =>
  value.includes(".")
    ? new Intl.NumberFormat(locale === "en" ? "en-GB" : "fr-FR", { maximumFractionDigits: 6 }).format(
        Number(value),
      )
    : formatNumber(Number(value), locale);
