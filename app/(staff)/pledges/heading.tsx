import { MailCheck, Plus, Rocket } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { formatEuros, formatNumber } from "#lib/machine/format";
import { findSoliciting } from "#lib/tax/pledges/letter";
import { listOwners, type Totals } from "#lib/tax/pledges/queries";
import type { PledgeSearch } from "#lib/tax/pledges/schema";
import { findTaxYear } from "#lib/tax/years/queries";
import { Combobox } from "#ui/combobox";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Dialog } from "#ui/dialog";
import { Filters } from "#ui/filters";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { PageHeader } from "#ui/page-header";
import { Select } from "#ui/select";
import { Stat, StatRow } from "#ui/stat";
import { TabLinks } from "#ui/tab-links";
import { TextField } from "#ui/text-field";
import { create, open, solicit } from "./actions";
import { addressOf, type Campaign } from "./campaign";
import { sayExpected } from "./money";

const views = ["board", "table", "calendar", "calls", "report", "costs"] as const;
type View = (typeof views)[number];

/** The top of every view of a campaign: which one, its views, who follows. */
export async function Heading({
  view,
  campaign,
  edits,
  actions,
  children,
}: {
  view: View;
  campaign: Campaign;
  edits: boolean;
  actions?: ReactNode;
  /** More filters. */
  children?: ReactNode;
}) {
  const { year, years, search } = campaign;
  const [t, owners] = [await getTranslations("pledges"), await listOwners()];
  return (
    <>
      <PageHeader
        title={t("titleOf", { year: String(year) })}
        lead={t("lead", { pay: String(year - 1) })}
        actions={
          <>
            {actions}
            {edits && <Add year={year} />}
          </>
        }
      />
      <TabLinks
        label={t("views")}
        links={views.map((one) => ({
          href: addressOf(one === "board" ? "" : one, year, { owner: search.owner }),
          label: t(`view.${one}`),
          current: one === view,
        }))}
      />
      <Filters label={t("filters")} className="mb-4">
        {children}
        <Select
          name="year"
          label={t("year")}
          labelHidden
          defaultValue={String(year)}
          options={years.map((one) => ({ value: String(one), label: `${t("year")} ${one}` }))}
        />
        <Select
          name="owner"
          label={t("owner")}
          labelHidden
          defaultValue={String(search.owner)}
          options={[
            { value: "", label: `${t("owner")} : ${t("everyone").toLowerCase()}` },
            { value: "none", label: `${t("owner")} : ${t("nobody").toLowerCase()}` },
            ...owners.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
        />
      </Filters>
    </>
  );
}

async function Add({ year }: { year: number }) {
  const t = await getTranslations("pledges");
  return (
    <Dialog
      trigger={{ label: t("add.action"), icon: <Plus aria-hidden />, variant: "primary" }}
      title={t("add.action")}
    >
      <Form action={create} namespace="pledges">
        <input type="hidden" name="campaignYear" value={year} />
        <Combobox
          name="organisationId"
          label={t("add.company")}
          searchHref="/organisations/options"
          required
        />
        <Select
          name="covers"
          label={t("page.covers")}
          hint={t("page.coversHint")}
          options={(["siret", "siren"] as const).map((value) => ({ value, label: t(`covers.${value}`) }))}
          defaultValue="siret"
        />
        <TextField name="target" label={t("add.target")} hint={t("add.targetHint")} autoComplete="off" />
        <FormActions>
          <SubmitButton>{t("add.action")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}

/** Takes the companies of the year before into a campaign. */
export async function Open({ year }: { year: number }) {
  const t = await getTranslations("pledges.open");
  return (
    <ConfirmDialog
      trigger={{ label: t("action"), icon: <Rocket aria-hidden /> }}
      title={t("title", { year: String(year) })}
      consequence={t("text", { year: String(year), before: String(year - 1) })}
      confirmLabel={t("action")}
      action={open}
      fields={{ campaignYear: year }}
      namespace="pledges"
      done={t("done")}
    />
  );
}

/** After a letter left: the companies it reached are solicited, in one act that somebody decides. */
export async function Solicited({ year }: { year: number }) {
  const [t, letter] = [await getTranslations("pledges.solicit"), await findSoliciting(year)];
  if (!letter) return null;
  return (
    <ConfirmDialog
      trigger={{ label: t("action"), icon: <MailCheck aria-hidden /> }}
      title={t("title", { count: letter.waiting })}
      consequence={t("text", { name: letter.name, count: letter.waiting })}
      confirmLabel={t("action")}
      action={solicit}
      fields={{ campaignYear: year, campaignId: letter.id }}
      namespace="pledges"
      done={t("done")}
    />
  );
}

/** What the campaign adds up to; what is promised is a range, since some bases are only estimated. */
export async function Figures({
  year,
  totals,
  search,
}: {
  year: number;
  totals: Totals;
  search: PledgeSearch;
}) {
  const [t, board, locale, told] = [
    await getTranslations("pledges"),
    await getTranslations("pledges.board"),
    await getLocale(),
    await findTaxYear(year),
  ];
  const sum = (states: (keyof Totals)[], key: "lowCents" | "highCents" | "receivedCents") =>
    states.reduce((cents, state) => cents + BigInt(totals[state][key]), 0n);
  const count = (states: (keyof Totals)[]) => states.reduce((all, state) => all + totals[state].count, 0);
  const [came, promised] = [["received", "thanked"] as const, ["pledged", "allocated"] as const];
  const received = sum([...came], "receivedCents");
  const goal = told?.goalCents ?? null;
  const expected = {
    lowCents: String(sum([...promised], "lowCents")),
    highCents: String(sum([...promised], "highCents")),
  };
  return (
    <div className="mb-4">
      <StatRow>
        <Stat
          label={t("figures.received")}
          value={formatEuros(received, locale)}
          note={t("figures.companies", { count: count([...came]) })}
          tone="good"
        />
        <Stat
          label={t("figures.promised")}
          value={sayExpected(expected, board, locale)}
          note={`${t("figures.companies", { count: count([...promised]) })}, ${t("figures.beforeFees")}`}
          tone="brand"
        />
        <Stat
          label={t("figures.toSolicit")}
          value={formatNumber(totals.to_solicit.count, locale)}
          href={addressOf("table", year, { state: "to_solicit", owner: search.owner })}
          tone="neutral"
        />
        <Stat
          label={t("figures.goal")}
          value={goal === null ? "–" : formatEuros(goal, locale)}
          note={
            goal
              ? t("figures.ofGoal", {
                  percent: formatNumber(Number(received) / Number(goal), locale, { style: "percent" }),
                })
              : t("figures.noGoal")
          }
          tone="info"
        />
      </StatRow>
    </div>
  );
}
