import { Check, UserPen, X } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { type CorrectionRow, listCorrections } from "#lib/returns/corrections/queries";
import { correctionFields } from "#lib/returns/corrections/schema";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { PageHeader } from "#ui/page-header";
import { decideCorrection } from "../actions";

/** What readers say is wrong of themselves: nothing is written before somebody here agrees. */
export default async function CorrectionsPage() {
  await gate("contacts.edit", "/received/corrections");
  const [t, r, rows] = [
    await getTranslations("received.corrections"),
    await getTranslations("received"),
    await listCorrections(),
  ];
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        breadcrumbs={[{ label: r("title"), href: "/received" }]}
      />
      <Card flush>
        {rows.length === 0 ? (
          <EmptyState icon={<UserPen />} title={t("none")}>
            {t("noneText")}
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {rows.map((row) => (
              <Line key={`${row.id}.${row.at.getTime()}`} row={row} />
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

function Line({ row }: { row: CorrectionRow }) {
  const t = useTranslations("received.corrections");
  const f = useTranslations("unsubscribe.correct.fields");
  const format = useFormatter();
  const said = correctionFields.filter((name) => row.said[name] !== "");
  return (
    <li className="flex flex-col gap-3 px-5 py-4">
      <p>
        <Link
          href={`/contacts/${row.contactId}`}
          className="rounded font-medium hover:text-brand-text hover:underline"
        >
          {row.name}
        </Link>
        <span className="ms-2 text-sm text-faint">
          {format.dateTime(row.at, { dateStyle: "long", timeStyle: "short" })}
        </span>
      </p>
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[max-content_1fr]">
        {said.map((name) => (
          <div key={name} className="contents">
            <dt className="text-soft">{f(name)}</dt>
            <dd className="[overflow-wrap:anywhere]">
              {t("change", { before: row.now[name] || t("empty"), after: row.said[name] })}
            </dd>
          </div>
        ))}
        {row.note && (
          <div className="contents">
            <dt className="text-soft">{f("note")}</dt>
            <dd className="whitespace-pre-line [overflow-wrap:anywhere]">{row.note}</dd>
          </div>
        )}
      </dl>
      {said.length === 0 && <p className="text-sm text-soft">{t("byHand")}</p>}
      <div className="flex flex-wrap gap-2">
        {(["yes", "no"] as const).map((accepted) => (
          <ActionButton
            key={accepted}
            action={decideCorrection}
            fields={{ id: row.id, at: row.at.toISOString(), accepted }}
            namespace="received"
            done={t(accepted === "yes" ? "accepted" : "refused")}
            size="sm"
            icon={accepted === "yes" ? <Check aria-hidden /> : <X aria-hidden />}
          >
            {t(accepted)}
          </ActionButton>
        ))}
      </div>
    </li>
  );
}
