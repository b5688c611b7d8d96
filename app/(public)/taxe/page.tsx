import { getLocale, getTranslations } from "next-intl/server";
import { getSettings } from "#lib/department/settings/queries";
import { wallClock } from "#lib/machine/paris";
import { prefill } from "#lib/tax/promises/queries";
import { askedLetter } from "#lib/tax/promises/schema";
import { findRates } from "#lib/tax/rates/queries";
import { sayRefusal } from "#lib/tax/rules/say";
import { payYear } from "#lib/tax/simulator/rules";
import { visitorInput, visitorTyped } from "#lib/tax/simulator/schema";
import { simulate } from "#lib/tax/simulator/simulate";
import { findTaxYear, listMilestones } from "#lib/tax/years/queries";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";
import { Sheet } from "#ui/sheet";
import { TextField } from "#ui/text-field";
import { Outcome } from "./outcome";
import { PromiseForm } from "./promise";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const fields = ["masse", "effectif", "departement"] as const;

/** Public: a company computes its tax. The figures stay in the address: nothing is written anywhere. */
export default async function TaxPage({ searchParams }: Props) {
  const asked = await searchParams;
  const [t, locale, settings] = [
    await getTranslations("tax.simulator"),
    await getLocale(),
    await getSettings(),
  ];
  const typed = visitorTyped.parse(asked);
  const letter = askedLetter.parse(asked.lettre);
  const read = fields.some((name) => name in asked) ? visitorInput.safeParse(asked) : null;
  const [rates, today] = [await findRates(), wallClock(new Date()).slice(0, 10)];
  const told = read?.success ? simulate(read.data, new Date(), rates) : null;
  // Nothing to promise; whoever computed nothing may know their solde already.
  const noSolde = told !== null && "amounts" in told && (told.amounts.soldeCents ?? 0n) === 0n;
  const refused = told && "refused" in told ? told : null;
  const fault = (name: string) => {
    const issue = read?.error?.issues.find(({ path }) => path[0] === name);
    return issue && t(`faults.${issue.message as "amount"}`);
  };
  const asksShare = refused?.refused === "noShare" || typed.alternants !== "" || !!fault("alternants");
  return (
    <Sheet title={t("title")} lead={t("lead")} wide>
      <form method="get" className="grid gap-5 sm:grid-cols-2">
        {letter && <input type="hidden" name="lettre" value={letter} />}
        <TextField
          name="masse"
          label={t("payroll")}
          hint={t("payrollHint")}
          error={fault("masse")}
          defaultValue={typed.masse}
          inputMode="decimal"
          autoComplete="off"
          required
          className="sm:col-span-2"
        />
        <TextField
          name="effectif"
          label={t("staff")}
          hint={t("staffHint")}
          error={fault("effectif")}
          defaultValue={typed.effectif}
          inputMode="numeric"
          autoComplete="off"
          required
        />
        <TextField
          name="departement"
          label={t("department")}
          hint={t("departmentHint")}
          error={fault("departement")}
          defaultValue={typed.departement}
          autoComplete="off"
          required
        />
        {asksShare && (
          <TextField
            name="alternants"
            label={t("share")}
            hint={t("shareHint")}
            error={fault("alternants") ?? (refused ? t("faults.shareMissing") : undefined)}
            defaultValue={typed.alternants}
            inputMode="decimal"
            autoComplete="off"
            className="sm:col-span-2"
          />
        )}
        <Button type="submit" variant="primary" className="sm:col-span-2">
          {t("submit")}
        </Button>
      </form>
      {refused && refused.refused !== "noShare" && (
        <div className="mt-6">
          <Alert tone="warn" title={t("refused")}>
            {sayRefusal(refused, locale)}
          </Alert>
        </div>
      )}
      {told && "amounts" in told && (
        <Outcome
          simulation={told}
          department={settings.name}
          email={settings.secretariatEmail}
          place={await placeOf(told.year + 1)}
        />
      )}
      {!noSolde && (
        <PromiseForm
          known={await prefill(letter, (told?.year ?? payYear(today, rates)) + 1)}
          computed={told !== null && "amounts" in told}
          letter={letter}
          typed={typed}
        />
      )}
    </Sheet>
  );
}

/** Where the solde of a campaign is allocated, as far as the settings know it. */
async function placeOf(campaignYear: number) {
  const [year, milestones] = [await findTaxYear(campaignYear), await listMilestones(campaignYear)];
  const closes = milestones.find((one) => one.kind === "period2Closes" && !one.superseded)?.day ?? null;
  return { uai: year?.uai ?? "", uses: year?.uses ?? "", closes };
}
