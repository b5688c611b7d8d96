import { Inbox } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ReceivedRow } from "#lib/returns/received/queries";
import type { View } from "#lib/returns/received/schema";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { Filters, SearchField } from "#ui/filters";
import { Pager } from "#ui/pager";
import { type Column, RowLink, Table } from "#ui/table";
import { HandledButton } from "./handled-button";
import { useReasonText, VerdictBadge } from "./verdict";

type Props = { mails: ReceivedRow[]; next: number | null; view: View; q: string; mayHandle: boolean };

export function Received({ mails, next, view, q, mayHandle }: Props) {
  const t = useTranslations("received");
  const search = new URLSearchParams({ view, ...(q && { q }) });
  if (next) search.set("before", String(next));
  return (
    <Card flush>
      {(mails.length > 0 || q) && (
        <div className="px-5 pt-4 pb-3">
          <Filters label={t("filter")}>
            <input type="hidden" name="view" value={view} />
            <SearchField label={t("search")} defaultValue={q} />
          </Filters>
        </div>
      )}
      <Table
        caption={t(`views.${view}`)}
        columns={useColumns(view, mayHandle)}
        rows={mails}
        rowKey={({ id }) => id}
        empty={<Nothing view={view} q={q} />}
      />
      <Pager nextHref={next ? `/received?${search}` : null} />
    </Card>
  );
}

function Nothing({ view, q }: { view: View; q: string }) {
  const t = useTranslations("received.empty");
  const [title, text] = q
    ? [t("search"), t("searchText")]
    : view === "toHandle"
      ? [t("toHandle"), t("toHandleText")]
      : [t("other"), t("otherText")];
  return (
    <EmptyState icon={<Inbox />} title={title}>
      {text}
    </EmptyState>
  );
}

function useColumns(view: View, mayHandle: boolean): Column<ReceivedRow>[] {
  const t = useTranslations("received");
  const format = useFormatter();
  const isReplies = view === "toHandle" || view === "replies";
  const columns: (Column<ReceivedRow> | false)[] = [
    { key: "mail", label: t("columns.mail"), heading: true, cell: (mail) => <Mail mail={mail} /> },
    {
      key: "contact",
      label: t("columns.contact"),
      // Who answers is who sent it, said above.
      wideOnly: isReplies,
      cell: (mail) => <Who mail={mail} />,
    },
    view === "bounces" && {
      key: "verdict",
      label: t("columns.verdict"),
      cell: (mail) => <Judged mail={mail} />,
    },
    { key: "campaign", label: t("columns.campaign"), wideOnly: true, cell: (mail) => <About mail={mail} /> },
    {
      key: "received",
      label: t("columns.received"),
      beside: true,
      numeric: true,
      cell: ({ receivedAt }) => (
        <time dateTime={receivedAt.toISOString()} className="whitespace-nowrap text-soft">
          {format.dateTime(receivedAt, {
            day: "numeric",
            month: "short",
            hour: "2-digit",
            minute: "2-digit",
          })}
        </time>
      ),
    },
    isReplies &&
      mayHandle && {
        key: "acts",
        label: t("columns.acts"),
        labelHidden: true,
        numeric: true,
        cell: ({ id, handledAt }) => <HandledButton id={id} handled={handledAt !== null} size="sm" />,
      },
  ];
  return columns.filter((column) => column !== false);
}

function Mail({ mail }: { mail: ReceivedRow }) {
  const t = useTranslations("received");
  return (
    <>
      <RowLink href={`/received/${mail.id}`}>
        <span className="line-clamp-2 [overflow-wrap:anywhere]">{mail.subject || t("noSubject")}</span>
      </RowLink>
      <span className="line-clamp-1 text-sm font-normal break-all text-faint">{mail.sender}</span>
      {(mail.class === "unsubscribe" || mail.class === "report") && (
        <Badge className="mt-1">{t(`classes.${mail.class}`)}</Badge>
      )}
    </>
  );
}

function Who({ mail }: { mail: ReceivedRow }) {
  const t = useTranslations("received");
  if (!mail.contact) return <span className="text-faint">{mail.delivery?.address ?? t("noContact")}</span>;
  const { id, firstName, lastName } = mail.contact;
  return <RowLink href={`/contacts/${id}`}>{`${firstName} ${lastName}`.trim()}</RowLink>;
}

function Judged({ mail }: { mail: ReceivedRow }) {
  const reasonText = useReasonText();
  const [bounce] = mail.bounces;
  if (!bounce) return null;
  return (
    <span className="flex flex-col items-start gap-1">
      <VerdictBadge verdict={bounce.verdict} />
      <span className="text-sm text-soft">{reasonText(bounce.reason)}</span>
    </span>
  );
}

function About({ mail }: { mail: ReceivedRow }) {
  const t = useTranslations("received");
  const campaign = mail.delivery?.campaign;
  if (!campaign) return <span className="text-faint">{t("noCampaign")}</span>;
  return (
    <Link
      href={`/campaigns/${campaign.id}`}
      className="rounded text-soft underline-offset-3 hover:text-brand-text hover:underline"
    >
      {campaign.name}
    </Link>
  );
}
