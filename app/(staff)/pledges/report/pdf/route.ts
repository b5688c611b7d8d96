import { getLocale, getTranslations } from "next-intl/server";
import { getSettings } from "#lib/department/settings/queries";
import { handler } from "#lib/gates/handler";
import { formatCents, formatDate, formatDay, formatEuros, formatNumber } from "#lib/machine/format";
import { log } from "#lib/machine/log";
import { fewestDonors, noReturn } from "#lib/tax/costs/rules";
import { journalExport } from "#lib/tax/pledges/export";
import { sumStates, type Totals } from "#lib/tax/pledges/queries";
import { drawOnePager, type OnePager } from "#lib/tax/reports/pdf";
import { listDonors } from "#lib/tax/reports/queries";
import { listSources } from "#lib/tax/reports/sources";
import { findTaxYear } from "#lib/tax/years/queries";
import { campaignOf } from "../../campaign.ts";
import { sayHours, sayReturn } from "../../costs/amounts.ts";
import { sayExpected } from "../../money.ts";
import { readReport, readReturn } from "../read.ts";

/** The council's page. */
export const GET = handler("tax.export", async (request, user) => {
  const { year } = await campaignOf(Object.fromEntries(new URL(request.url).searchParams));
  const journal = journalExport(user.id);
  try {
    const pdf = await drawOnePager(await write(year));
    await journal("exported");
    return new Response(new Uint8Array(pdf), {
      headers: {
        "content-type": "application/pdf",
        "content-disposition": `attachment; filename="bilan-taxe-${year}.pdf"`,
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    log.error({ err: error }, "report failed");
    await journal("exportFailed");
    const text = (await getTranslations("errors"))("export");
    return new Response(`${text}\n`, {
      status: 500,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
});

const counts = ["letters", "answers", "solicited", "pledged", "allocated", "received", "newDonors"] as const;

async function write(year: number): Promise<OnePager> {
  const [t, locale, settings, told, totals, donors, sources, report] = await Promise.all([
    getTranslations("pledges"),
    getLocale(),
    getSettings(),
    findTaxYear(year),
    sumStates(year, { owner: "" }),
    listDonors(year),
    listSources(year),
    readReport(year),
  ]);
  const standings = [report.now, ...report.told];
  const rows = counts.map((key) => [
    t(`report.${key}`),
    ...standings.map((one) => formatNumber(one[key], locale)),
  ]);
  for (const key of ["receivedCents", "finalCents"] as const)
    rows.push([t(`report.${key}`), ...standings.map((one) => formatEuros(one[key], locale))]);
  const received = sources.reduce((sum, one) => sum + BigInt(one.receivedCents), 0n);
  return {
    language: locale === "en" ? "en" : "fr",
    title: t("titleOf", { year: String(year) }),
    lead: `${settings.name}. ${t("report.for", { date: formatDate(new Date(), locale) })} ${t("lead", { pay: String(year - 1) })}`,
    figures: await figuresOf(totals, told?.goalCents ?? null),
    table: {
      title: t("report.title"),
      note: t("report.hint", { date: formatDay(report.day, locale) }),
      headings: [t("report.what"), ...standings.map((one) => String(one.campaignYear))],
      rows,
    },
    sections: [
      { title: t("report.forecast"), lines: await sayForecast(report) },
      {
        title: t("costs.return"),
        lines: await sayReturnOf(
          year,
          received,
          sources.reduce((sum, one) => sum + one.received, 0),
        ),
      },
      {
        title: t("report.uses"),
        lines: (told?.uses ?? "")
          .split("\n")
          .filter(Boolean)
          .map((use) => `– ${use}`),
      },
      {
        title: t("report.donorsOf", { count: donors.length }),
        lines:
          donors.length > 0
            ? [
                sayNames(
                  donors.map(({ name }) => name),
                  t("report.andOthers"),
                ),
              ]
            : [],
      },
    ],
    foot: t("report.foot"),
  };
}

async function figuresOf(totals: Totals, goal: bigint | null): Promise<OnePager["figures"]> {
  const [t, board, locale] = [
    await getTranslations("pledges.figures"),
    await getTranslations("pledges.board"),
    await getLocale(),
  ];
  const sum = (states: (keyof Totals)[], key: "lowCents" | "highCents" | "receivedCents") =>
    String(states.reduce((cents, state) => cents + BigInt(totals[state][key]), 0n));
  const companies = (states: (keyof Totals)[]) =>
    t("companies", { count: states.reduce((all, state) => all + totals[state].count, 0) });
  const received = sum(["received", "thanked"], "receivedCents");
  const expected = {
    lowCents: sum(["pledged", "allocated"], "lowCents"),
    highCents: sum(["pledged", "allocated"], "highCents"),
  };
  return [
    { label: t("received"), value: formatEuros(received, locale), note: companies(["received", "thanked"]) },
    {
      label: t("promised"),
      value: sayExpected(expected, board, locale),
      note: `${companies(["pledged", "allocated"])}, ${t("beforeFees")}`,
    },
    {
      label: t("goal"),
      value: goal === null ? "–" : formatEuros(goal, locale),
      note: goal
        ? t("ofGoal", {
            percent: formatNumber(Number(received) / Number(goal), locale, { style: "percent" }),
          })
        : t("noGoal"),
    },
  ];
}

async function sayForecast({
  end,
  tried,
  largest,
}: Awaited<ReturnType<typeof readReport>>): Promise<string[]> {
  const [t, locale] = [await getTranslations("pledges.report"), await getLocale()];
  const between = ({ low, high }: { low: bigint; high: bigint }) =>
    t("between", { low: formatEuros(low, locale), high: formatEuros(high, locale) });
  const last = tried[0];
  return [
    `${between(end)}. ${end.years < 2 ? t("without") : t("from", { count: end.years })}`,
    ...(last
      ? [
          t("lastTried", {
            year: String(last.campaignYear),
            told: between(last),
            truth: formatEuros(last.truth, locale),
          }),
        ]
      : []),
    ...(largest === null ? [] : [t("largest", { percent: largest })]),
  ];
}

async function sayReturnOf(year: number, received: bigint, donors: number): Promise<string[]> {
  const [t, locale] = [await getTranslations("pledges.costs"), await getLocale()];
  const { returned, minutes, cents, cost } = await readReturn(year, received, donors);
  if (cost === 0n && minutes === 0) return [];
  const note = t("costNote", { hours: sayHours(minutes, locale), money: formatCents(cents, locale) });
  const told =
    returned === null
      ? t("noReturn", { why: t(noReturn(cost), { count: fewestDonors }) })
      : t("returnOf", { times: sayReturn(returned, locale) });
  const amount = cost === null ? "–" : formatEuros(cost, locale);
  return [`${told} ${t("costIs", { amount, note })} ${t("definition")}`];
}

/** As many names as a paragraph holds. */
function sayNames(names: string[], others: string): string {
  const shown = names.slice(0, 60);
  return names.length > shown.length ? `${shown.join(", ")} ${others}` : `${shown.join(", ")}.`;
}
