import { PenLine, Trash2 } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { listReplies } from "#lib/letters/saved-replies/queries";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { EmptyState } from "#ui/empty-state";
import { PageHeader } from "#ui/page-header";
import { RowLink, Table } from "#ui/table";
import { forgetReply } from "../actions";
import { ReplyForm } from "./form";

export default async function SavedRepliesPage() {
  const user = await gate("letters.send", "/letters/replies");
  const [replies, t] = [await listReplies(user.id), await getTranslations("letters")];
  return (
    <>
      <PageHeader
        title={t("replies.title")}
        lead={t("replies.lead")}
        breadcrumbs={[{ label: t("title"), href: "/inbox" }]}
      />
      <div className="flex max-w-3xl flex-col gap-6">
        <Card flush={replies.length > 0} title={t("replies.list")}>
          <Table
            caption={t("replies.list")}
            rows={replies}
            rowKey={(row) => row.id}
            empty={
              <EmptyState icon={<PenLine aria-hidden />} title={t("replies.empty")}>
                {t("replies.emptyText")}
              </EmptyState>
            }
            columns={[
              {
                key: "title",
                label: t("replies.name"),
                heading: true,
                cell: (row) => <RowLink href={`/letters/replies/${row.id}`}>{row.title}</RowLink>,
              },
              {
                key: "whose",
                label: t("replies.whose"),
                cell: (row) => (
                  <Badge tone={row.shared ? "brand" : "neutral"}>
                    {row.shared ? t("replies.sharedBy", { who: row.owner }) : t("replies.own")}
                  </Badge>
                ),
              },
              {
                key: "remove",
                label: t("replies.remove"),
                cell: (row) => (
                  <ConfirmDialog
                    trigger={{
                      label: t("replies.removeOne", { title: row.title }),
                      icon: <Trash2 aria-hidden />,
                      iconOnly: true,
                    }}
                    title={t("replies.removeOne", { title: row.title })}
                    consequence={row.shared ? t("replies.removeShared") : t("replies.removeOwn")}
                    confirmLabel={t("replies.remove")}
                    action={forgetReply}
                    fields={{ id: row.id }}
                    namespace="letters"
                    done={t("replies.removed")}
                    tone="danger"
                  />
                ),
              },
            ]}
          />
        </Card>
        <Card title={t("replies.new")}>
          <ReplyForm key={replies.length} />
        </Card>
      </div>
    </>
  );
}
