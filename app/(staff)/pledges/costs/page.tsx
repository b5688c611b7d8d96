import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { formatCents, formatEuros } from "#lib/machine/format";
import { listCosts } from "#lib/tax/costs/queries";
import { fewestDonors, noReturn } from "#lib/tax/costs/rules";
import { listOpeners, listSources } from "#lib/tax/reports/sources";
import { Stat, StatRow } from "#ui/stat";
import { campaignOf } from "../campaign";
import { Heading } from "../heading";
import { readReturn } from "../report/read";
import { sayHours, sayReturn } from "./amounts";
import { Costs } from "./costs";
import { Openers } from "./openers";
import { Sources } from "./sources";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** From mail to euro: what each letter and call brought, what the campaign cost, and what came back of it. */
export default async function CostsPage({ searchParams }: Props) {
  const user = await gate("tax.read", "/pledges/costs");
  const campaign = await campaignOf(await searchParams);
  const { year } = campaign;
  const [t, locale, sources, openers, costs] = await Promise.all([
    getTranslations("pledges.costs"),
    getLocale(),
    listSources(year),
    listOpeners(year),
    listCosts(year),
  ]);
  const received = sources.reduce((sum, one) => sum + BigInt(one.receivedCents), 0n);
  const donors = sources.reduce((sum, one) => sum + one.received, 0);
  const told = await readReturn(year, received, donors);
  const edits = may(user.role, "tax.edit");
  return (
    <>
      <Heading view="costs" campaign={campaign} edits={edits} />
      <div className="mb-4">
        <StatRow>
          <Stat
            label={t("received")}
            value={formatEuros(received, locale)}
            note={t("donors", { count: donors })}
            tone="good"
          />
          <Stat
            label={t("cost")}
            value={told.cost === null ? "–" : formatEuros(told.cost, locale)}
            note={t("costNote", {
              hours: sayHours(told.minutes, locale),
              money: formatCents(told.cents, locale),
            })}
            tone="neutral"
          />
          <Stat
            label={t("return")}
            value={told.returned === null ? "–" : sayReturn(told.returned, locale)}
            note={told.returned === null ? t(noReturn(told.cost), { count: fewestDonors }) : t("provisional")}
            tone="brand"
          />
        </StatRow>
      </div>
      <p className="mb-6 max-w-3xl text-soft">
        {t("definition")}{" "}
        {t(told.hourly === null ? "noHourly" : "withHourly", {
          amount: formatCents(told.hourly ?? 0n, locale),
        })}
      </p>
      <div className="flex flex-col gap-6">
        <Sources sources={sources} costs={told.costs} hourly={told.hourly} />
        <Costs costs={costs} letters={sources} year={year} edits={edits} />
        <Openers openers={openers} />
      </div>
    </>
  );
}
