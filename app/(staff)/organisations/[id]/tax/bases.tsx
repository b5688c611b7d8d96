import { Calculator, Pencil } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import type { Base } from "#lib/tax/companies/queries";
import { type Sector, sectorNames } from "#lib/tax/companies/rules";
import { expectedOf } from "#lib/tax/pledges/rules";
import type { Rates } from "#lib/tax/rules/rates";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { sayExpected } from "../../../pledges/money";
import { declare, estimate } from "./actions";

type Props = {
  organisationId: number;
  year: number;
  bases: Base[];
  rates: Rates;
  headcount: number | null;
  edits: boolean;
  /** Alsace-Moselle: there is nothing to estimate. */
  soldeless: boolean;
};

/** What the tax is counted on, year by year: a fact with its source, or a range that says how it was made. */
export function Bases({ bases, rates, edits, soldeless, ...at }: Props) {
  const t = useTranslations("pledges.company");
  return (
    <Card
      title={t("bases")}
      description={t("basesHint")}
      actions={
        edits &&
        !soldeless && (
          <>
            <Declare {...at} />
            <Estimate {...at} />
          </>
        )
      }
    >
      {bases.length === 0 ? (
        <p className="text-soft">{t("noBases")}</p>
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {bases.map((base) => (
            <Line key={base.id} base={base} rates={rates} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Line({ base, rates }: { base: Base; rates: Rates }) {
  const t = useTranslations("pledges.company");
  const board = useTranslations("pledges.board");
  const locale = useLocale();
  const range = { low: BigInt(base.lowCents), high: BigInt(base.highCents) };
  const solde = expectedOf(10_000, range, base.campaignYear, rates);
  const sector = sectorNames.find((known) => known === base.sector) ?? "any";
  const source =
    base.kind === "estimated"
      ? t("estimateSource", { headcount: base.headcount ?? 0, sector: t(`sectors.${sector}`).toLowerCase() })
      : base.source;
  return (
    <li className={base.superseded ? "py-2 text-soft" : "py-2"}>
      <p className="flex flex-wrap items-center gap-2">
        <span className="nums font-semibold">{base.campaignYear}</span>
        <Badge tone={base.kind === "estimated" ? "warn" : "good"}>{t(`kind.${base.kind}`)}</Badge>
        {base.superseded && <Badge>{t("replaced")}</Badge>}
      </p>
      <p className="nums">
        {t("base")} : {sayExpected(base, board, locale)}
      </p>
      {solde && (
        <p className="nums">
          {t("solde")} :{" "}
          {sayExpected({ lowCents: String(solde.low), highCents: String(solde.high) }, board, locale)}
        </p>
      )}
      <p className="text-sm text-soft">
        {[source, formatDate(base.recordedAt, locale), base.by].filter(Boolean).join(" · ")}
      </p>
    </li>
  );
}

function Declare({ organisationId, year }: Pick<Props, "organisationId" | "year">) {
  const t = useTranslations("pledges.company");
  return (
    <Dialog trigger={{ label: t("declare"), icon: <Pencil aria-hidden />, size: "sm" }} title={t("declare")}>
      <Form action={declare} namespace="pledges" done={t("declared")} resets>
        <input type="hidden" name="organisationId" value={organisationId} />
        <input type="hidden" name="campaignYear" value={year} />
        <TextField
          name="base"
          label={t("declareField", { pay: String(year - 1) })}
          inputMode="decimal"
          autoComplete="off"
          required
        />
        <TextField name="source" label={t("declareSource")} autoComplete="off" />
        <FormActions>
          <SubmitButton>{t("declare")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}

function Estimate({ organisationId, year, headcount }: Pick<Props, "organisationId" | "year" | "headcount">) {
  const t = useTranslations("pledges.company");
  return (
    <Dialog
      trigger={{ label: t("estimate"), icon: <Calculator aria-hidden />, size: "sm" }}
      title={t("estimate")}
      description={t("estimateText")}
    >
      <Form action={estimate} namespace="pledges" done={t("estimated")}>
        <input type="hidden" name="organisationId" value={organisationId} />
        <input type="hidden" name="campaignYear" value={year} />
        <TextField
          name="headcount"
          label={t("headcount")}
          defaultValue={headcount ? String(headcount) : ""}
          inputMode="numeric"
          autoComplete="off"
          required
        />
        <Select
          name="sector"
          label={t("sector")}
          defaultValue="any"
          options={sectorNames.map((value: Sector) => ({ value, label: t(`sectors.${value}`) }))}
        />
        <FormActions>
          <SubmitButton>{t("estimate")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
