import { PenLine } from "lucide-react";
import { getFormatter, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import type { SessionUser } from "#lib/gates/session";
import { listRepliers } from "#lib/letters/campaigns/queries";
import { mostRecipients } from "#lib/letters/drafts/schema";
import { isOwnCampaign, listReplies } from "#lib/returns/received/queries";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import { RowLink, Table } from "#ui/table";
import { write } from "../../letters/actions";

/** The answers to a campaign, for whoever follows the returns or has sent it; others learn who reads them. */
export async function Replies({ id, user, replied }: { id: number; user: SessionUser; replied: number }) {
  const t = await getTranslations("campaigns.replies");
  const readsAll = may(user.role, "received.read");
  if (!readsAll && !(may(user.role, "replies.read") && (await isOwnCampaign(id, user.id))))
    return replied > 0 ? <Alert>{t("others", { count: replied })}</Alert> : null;
  const format = await getFormatter();
  const replies = await listReplies(id);
  const repliers = may(user.role, "letters.send") ? await listRepliers(id, mostRecipients + 1) : [];
  return (
    <Card
      title={t("title")}
      flush
      actions={
        <>
          {repliers.length > 0 && (
            <ActionButton
              action={write}
              fields={{ contacts: repliers.join(",") }}
              namespace="letters"
              done={t("written")}
              size="sm"
              icon={<PenLine aria-hidden />}
            >
              {t("write")}
            </ActionButton>
          )}
          {readsAll && replies.length > 0 && (
            <LinkButton href="/received?view=replies" size="sm">
              {t("all")}
            </LinkButton>
          )}
        </>
      }
    >
      <Table
        caption={t("title")}
        rows={replies}
        rowKey={(reply) => reply.id}
        empty={<p className="px-5 pb-5 text-soft">{t("none")}</p>}
        columns={[
          {
            key: "subject",
            label: t("subject"),
            heading: true,
            cell: (reply) => (
              <>
                <RowLink href={`/received/${reply.id}`}>{reply.subject || t("noSubject")}</RowLink>
                <span className="line-clamp-1 text-sm font-normal text-faint [overflow-wrap:anywhere]">
                  {reply.name ?? reply.sender}
                </span>
              </>
            ),
          },
          {
            key: "state",
            label: t("state"),
            cell: ({ handled }) => (
              <Badge tone={handled ? "neutral" : "brand"}>{t(handled ? "handled" : "waiting")}</Badge>
            ),
          },
          {
            key: "received",
            label: t("received"),
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
        ]}
      />
    </Card>
  );
}
