import Link from "next/link";
import { getFormatter, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { type Funnel, percent, type Rate, rateOf } from "#lib/letters/campaigns/funnel";
import type { Outcome } from "#lib/letters/campaigns/schema";
import { Card } from "#ui/card";
import { cx } from "#ui/class";
import { reasonKey } from "./exclusions";

/** A step that stands alone, what is taken from it, or a part of it. */
type Step = {
  key: string;
  label: ReactNode;
  count: number;
  kind: "step" | "less" | "part";
  outcome?: Outcome;
  rate?: Rate;
};

/** From the people of the segment to the messages delivered: each line is the ones before, added or taken away. */
export async function FunnelCard({ id, funnel }: { id: number; funnel: Funnel }) {
  const t = await getTranslations("campaigns");
  return (
    <Card title={t("funnel.title")} description={t("funnel.text")} flush>
      <table className="w-full border-collapse text-[0.9375rem]">
        <caption className="sr-only">{t("funnel.caption")}</caption>
        <thead className="bg-sunken/60 text-[0.8125rem] text-faint">
          <tr>
            <th scope="col" className="h-10 ps-5 pe-2 text-start font-medium">
              {t("funnel.step")}
            </th>
            <th scope="col" className="h-10 px-2 text-end font-medium">
              {t("review.count")}
            </th>
            <th scope="col" className="h-10 ps-2 pe-5 text-end font-medium">
              {t("funnel.share")}
            </th>
          </tr>
        </thead>
        <tbody>
          {(await stepsOf(funnel)).map((step) => (
            <Row key={step.key} id={id} step={step} of={funnel} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

async function stepsOf(funnel: Funnel): Promise<Step[]> {
  const t = await getTranslations("campaigns");
  const { segment, setAside, reasons, recipients, accepted, refused, unknown, queued, sending } = funnel;
  const { returned, hardReturned, softReturned, delivered } = funnel;
  return [
    { key: "segment", kind: "step", label: t("funnel.segment"), count: segment },
    { key: "setAside", kind: "less", label: t("list.skipped"), count: setAside, outcome: "skipped" },
    ...reasons.map(
      ({ reason, count }): Step => ({
        key: reason,
        kind: "part",
        label: t(`reasons.${reasonKey(reason)}`),
        count,
      }),
    ),
    { key: "recipients", kind: "step", label: t("funnel.recipients"), count: recipients },
    { key: "sent", kind: "part", label: t("list.sent"), count: accepted, outcome: "sent" },
    {
      key: "failed",
      kind: "part",
      label: t("list.failed"),
      count: refused,
      outcome: "failed",
      rate: "refused",
    },
    { key: "unknown", kind: "part", label: t("list.unknown"), count: unknown, outcome: "unknown" },
    ...(sending > 0
      ? [
          {
            key: "sending",
            kind: "part",
            label: t("list.sending"),
            count: sending,
            outcome: "sending",
          } satisfies Step,
        ]
      : []),
    { key: "queued", kind: "part", label: t("list.queued"), count: queued, outcome: "queued" },
    { key: "accepted", kind: "step", label: t("funnel.accepted"), count: accepted },
    {
      key: "returned",
      kind: "less",
      label: t("list.bounced"),
      count: returned,
      outcome: "bounced",
      rate: "returned",
    },
    { key: "hard", kind: "part", label: t("funnel.hard"), count: hardReturned },
    { key: "soft", kind: "part", label: t("funnel.soft"), count: softReturned },
    { key: "delivered", kind: "step", label: t("page.delivered"), count: delivered, rate: "delivered" },
  ];
}

const signs = { step: "", less: "−", part: "" };

async function Row({ id, step, of }: { id: number; step: Step; of: Funnel }) {
  const format = await getFormatter();
  const { kind, label, count, outcome, rate } = step;
  const share = rate ? rateOf(of, rate) : null;
  const quiet = kind === "part" || count === 0;
  return (
    <tr className={cx("border-t border-line", kind === "step" && "bg-sunken/40 font-semibold")}>
      <th
        scope="row"
        className={cx(
          "py-2 pe-2 text-start font-[inherit]",
          kind === "part" ? "ps-10 text-sm font-normal" : "ps-5",
          quiet && "text-soft",
        )}
      >
        {outcome && count > 0 ? (
          <Link
            href={`/campaigns/${id}/deliveries?outcome=${outcome}`}
            className="underline decoration-line underline-offset-4 hover:text-brand-text hover:decoration-current"
          >
            {label}
          </Link>
        ) : (
          label
        )}
      </th>
      <td className={cx("nums px-2 py-2 text-end whitespace-nowrap", quiet && "text-soft")}>
        {count > 0 && signs[kind]}
        {format.number(count)}
      </td>
      <td className="nums py-2 ps-2 pe-5 text-end whitespace-nowrap text-soft">
        {share !== null && format.number(share, percent)}
      </td>
    </tr>
  );
}
