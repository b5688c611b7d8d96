import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { formatCents, formatDate, formatNumber } from "#lib/machine/format";
import { contactKinds } from "#lib/people/contacts/schema";
import { affiliationRoles } from "#lib/people/organisations/schema";
import type { Tie, Ties } from "#lib/tax/companies/rules";
import { pledgeStates } from "#lib/tax/pledges/rules";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { RowLink, Table } from "#ui/table";
import { toneOf } from "../../../pledges/tones";
import { LastCall, Why } from "./why";

/** All that ties us to a company: the reasons first, then who, what was sent, what was answered and said. */
export function TiesCard({ ties, year }: { ties: Ties; year: number }) {
  const t = useTranslations("pledges.ties");
  const locale = useLocale();
  const day = (at: string | null) => (at ? formatDate(new Date(at), locale) : "");
  return (
    <Card title={t("title")}>
      <p className="text-sm text-soft">{t("why")}</p>
      <p className="mb-4 text-lg">
        <Why ties={ties} year={year} />
      </p>
      {ties.people.length === 0 ? (
        <p className="text-soft">{t("none")}</p>
      ) : (
        <ul className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
          {ties.people.map((tie) => (
            <Person key={`${tie.id} ${tie.role} ${tie.place}`} tie={tie} />
          ))}
        </ul>
      )}
      <dl className="mt-4 grid gap-x-6 gap-y-1 border-t border-line pt-4 sm:grid-cols-[11rem_minmax(0,1fr)] [&_dt]:text-soft">
        <dt>{t("letters")}</dt>
        <dd>{t("lettersText", { count: ties.letters, date: day(ties.lastLetterAt) })}</dd>
        <dt>{t("answers")}</dt>
        <dd>{t("answersText", { count: ties.answers, date: day(ties.lastAnswerAt) })}</dd>
        <dt>{t("lastCall")}</dt>
        <dd>
          <LastCall ties={ties} />
        </dd>
      </dl>
    </Card>
  );
}

function Person({ tie }: { tie: Tie }) {
  const t = useTranslations("pledges.ties");
  const c = useTranslations("contacts");
  const kind = contactKinds.find((known) => known === tie.kind);
  const role = affiliationRoles.find((known) => known === tie.role);
  const facts = [
    tie.jobTitle || (role && c(`roles.${role}`)),
    kind && c(`kinds.${kind}`),
    tie.graduationYear && t("year", { year: String(tie.graduationYear) }),
    tie.elsewhere && t("elsewhere", { place: tie.place }),
  ];
  return (
    <li className="min-w-0">
      <Link
        href={`/contacts/${tie.id}`}
        className="rounded font-medium hover:text-brand-text hover:underline"
      >
        {tie.name}
      </Link>
      {tie.past && <Badge className="ms-2">{t("past")}</Badge>}
      <span className="block text-sm text-soft">{facts.filter(Boolean).join(" · ")}</span>
    </li>
  );
}

/** What the company promised and gave, year by year. */
export function PledgesCard({ pledges }: { pledges: Ties["pledges"] }) {
  const t = useTranslations("pledges");
  const locale = useLocale();
  return (
    <Card title={t("ties.pledges")} flush>
      <Table
        caption={t("ties.pledges")}
        rows={pledges}
        rowKey={(row) => row.id}
        empty={<p className="px-5 pb-5 text-soft">{t("ties.noPledges")}</p>}
        columns={[
          {
            key: "year",
            label: t("year"),
            heading: true,
            cell: (row) => (
              <RowLink href={`/pledges/${row.id}`}>{`${row.campaignYear} · ${row.place}`}</RowLink>
            ),
          },
          {
            key: "state",
            label: t("columns.state"),
            beside: true,
            cell: (row) => {
              const state = pledgeStates.find((known) => known === row.state);
              return (
                state && (
                  <Badge tone={toneOf[state]} dot>
                    {t(`states.${state}`)}
                  </Badge>
                )
              );
            },
          },
          {
            key: "share",
            label: t("columns.share"),
            numeric: true,
            cell: (row) => row.share !== null && `${formatNumber(row.share / 100, locale)}\u202f%`,
          },
          {
            key: "received",
            label: t("columns.received"),
            numeric: true,
            cell: (row) => row.receivedCents !== "0" && formatCents(BigInt(row.receivedCents), locale),
          },
        ]}
      />
    </Card>
  );
}
