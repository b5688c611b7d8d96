import { useFormatter, useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import type { Judged, JudgedVerdict } from "#lib/returns/received/judged";
import {
  findRejudgement,
  listRejudged,
  type RejudgedRow,
  type Rejudgement,
} from "#lib/returns/received/queries";
import { rejudgedPage } from "#lib/returns/received/schema";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { type Column, RowLink, Table } from "#ui/table";
import { LiveRefresh } from "../../_live/live-refresh";
import { abandonRejudged, applyRejudged, rejudge, undoRejudged } from "../actions";
import { useReasonText, useVerdictText } from "../verdict";

type Props = { searchParams: Promise<Record<string, string>> };

export default async function RejudgePage({ searchParams }: Props) {
  await gate("received.handle", "/received/rejudge");
  const { after } = rejudgedPage.parse(await searchParams);
  const run = await findRejudgement();
  const t = await getTranslations("received");
  const busy = run !== null && ["looking", "applying", "undoing"].includes(run.status);
  const page = run && run.changes > 0 && run.status !== "looking" && (await listRejudged(run.id, after));
  return (
    <>
      {busy && <LiveRefresh />}
      <PageHeader
        title={t("rejudge.title")}
        lead={t("rejudge.lead")}
        breadcrumbs={[{ label: t("title"), href: "/received" }]}
        actions={
          !busy && (
            <ActionButton
              action={rejudge}
              namespace="received"
              done={t("rejudge.started")}
              variant={run?.status === "ready" && run.changes > 0 ? "secondary" : "primary"}
            >
              {t("rejudge.start")}
            </ActionButton>
          )
        }
      />
      {run && <State run={run} />}
      {page && (
        <Card flush>
          <Changes changes={page.changes} />
          <Pager nextHref={page.next ? `/received/rejudge?after=${page.next}` : null} />
        </Card>
      )}
    </>
  );
}

function State({ run }: { run: Rejudgement }) {
  const t = useTranslations("received.rejudge");
  const format = useFormatter();
  const { id, status, mails, changes, stale } = run;
  const button = { namespace: "received", fields: { id }, size: "sm" } as const;
  if (status === "looking") return <Alert className="mb-5">{t("looking", { mails })}</Alert>;
  if (status === "applying" || status === "undoing") return <Alert className="mb-5">{t(status)}</Alert>;
  if (changes === 0)
    return (
      <Alert tone="good" title={t("none")} className="mb-5">
        {t("noneText", { mails })}
      </Alert>
    );
  if (status === "ready")
    return (
      <Alert
        tone="warn"
        title={t("ready", { changes, mails })}
        className="mb-5"
        actions={
          <>
            <ActionButton {...button} action={applyRejudged} done={t("applied")} variant="primary">
              {t("apply")}
            </ActionButton>
            <ActionButton {...button} action={abandonRejudged} done={t("abandoned")}>
              {t("abandon")}
            </ActionButton>
          </>
        }
      >
        {t("readyText")}
      </Alert>
    );
  return (
    <Alert
      tone="good"
      title={t("done", {
        changes: changes - stale,
        date: format.dateTime(run.askedAt, { dateStyle: "long" }),
      })}
      className="mb-5"
      actions={
        <ActionButton {...button} action={undoRejudged} done={t("undone")}>
          {t("undo")}
        </ActionButton>
      }
    >
      {run.askedBy && t("by", { who: run.askedBy.name })} {stale > 0 && t("stale", { stale })}
    </Alert>
  );
}

function Changes({ changes }: { changes: RejudgedRow[] }) {
  const t = useTranslations("received");
  const columns: Column<RejudgedRow>[] = [
    {
      key: "mail",
      label: t("columns.mail"),
      heading: true,
      cell: ({ receivedMail: { id, subject, sender, contact } }) => (
        <>
          <RowLink href={`/received/${id}`}>{subject || t("noSubject")}</RowLink>
          <span className="line-clamp-1 text-sm font-normal text-faint [overflow-wrap:anywhere]">
            {contact ? `${contact.firstName} ${contact.lastName}`.trim() : sender}
          </span>
        </>
      ),
    },
    {
      key: "before",
      label: t("rejudge.before"),
      labelled: true,
      cell: ({ before }) => <Side judged={before} />,
    },
    { key: "after", label: t("rejudge.after"), labelled: true, cell: ({ after }) => <Side judged={after} /> },
    {
      key: "outcome",
      label: t("rejudge.outcome"),
      beside: true,
      cell: ({ outcome }) => {
        const known = outcomes.find((one) => one === outcome);
        return known ? (
          <Badge tone={known === "applied" ? "good" : "neutral"}>{t(`rejudge.outcomes.${known}`)}</Badge>
        ) : null;
      },
    },
  ];
  return <Table caption={t("rejudge.caption")} columns={columns} rows={changes} rowKey={({ id }) => id} />;
}

const outcomes = ["applied", "stale", "undone"] as const;
const classes = ["bounce", "complaint", "unsubscribe", "auto-reply", "reply", "report", "other"] as const;

function Side({ judged }: { judged: Judged }) {
  const t = useTranslations("received");
  const verdictText = useVerdictText();
  const reasonText = useReasonText();
  const format = useFormatter();
  const said = ({ verdict, reason, acts }: JudgedVerdict) =>
    t(acts ? "rejudge.verdict" : "rejudge.idle", {
      verdict: verdictText(verdict),
      reason: reasonText(reason),
    });
  return (
    <span className="flex flex-col items-start gap-1 text-sm max-sm:items-end">
      <Badge>{t(`classes.${classes.find((one) => one === judged.class) ?? "other"}`)}</Badge>
      {[...new Set(judged.verdicts.map(said))].map((line) => (
        <span key={line}>{line}</span>
      ))}
      {judged.backOn && (
        <span>
          {t("rejudge.backOn", {
            date: format.dateTime(new Date(judged.backOn), { dateStyle: "long", timeZone: "UTC" }),
          })}
        </span>
      )}
      {judged.proposal && <span className="text-soft">{t("rejudge.decide")}</span>}
    </span>
  );
}
