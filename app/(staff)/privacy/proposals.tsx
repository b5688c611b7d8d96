import { Check, UserX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatDate } from "#lib/machine/format";
import type { Proposal } from "#lib/office/privacy/reviews";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { EmptyState } from "#ui/empty-state";
import { Pager } from "#ui/pager";
import { RowLink, Table } from "#ui/table";
import { approve, keep } from "./actions";

type Props = {
  rows: Proposal[];
  locale: string;
  nextHref: string | null;
  firstHref: string | null;
  icon: ReactNode;
};

/** Contacts without news, soonest to go first: keep them, or let them go at once. */
export function Proposals({ rows, locale, nextHref, firstHref, icon }: Props) {
  const t = useTranslations("privacy.proposals");
  const waiting = rows.filter(({ approvedAt }) => approvedAt === null);
  return (
    <>
      <Table
        caption={t("title")}
        rows={rows}
        rowKey={(row) => row.id}
        empty={
          <EmptyState icon={icon} title={t("empty")}>
            {t("emptyText")}
          </EmptyState>
        }
        columns={[
          {
            key: "name",
            label: t("who"),
            heading: true,
            cell: (row) => <RowLink href={`/contacts/${row.id}`}>{row.name}</RowLink>,
          },
          { key: "last", label: t("lastAct"), cell: (row) => formatDate(row.lastActAt, locale) },
          {
            key: "due",
            label: t("due"),
            cell: (row) =>
              row.approvedAt ? <Badge tone="warn">{t("soon")}</Badge> : formatDate(row.dueAt, locale),
          },
          {
            key: "acts",
            label: t("acts"),
            labelHidden: true,
            cell: (row) => (
              <ActionButton
                action={keep}
                fields={{ id: row.id }}
                namespace="privacy"
                done={t("kept", { name: row.name })}
                size="sm"
                icon={<Check aria-hidden />}
                aria-label={t("keepOne", { name: row.name })}
              >
                {t("keep")}
              </ActionButton>
            ),
          },
        ]}
      />
      {waiting.length > 0 && (
        <div className="flex justify-end border-t border-line px-5 py-3">
          <ConfirmDialog
            trigger={{
              label: t("approve", { count: waiting.length }),
              variant: "danger",
              size: "sm",
              icon: <UserX aria-hidden />,
            }}
            title={t("approveTitle", { count: waiting.length })}
            consequence={t("approveConsequence")}
            confirmLabel={t("approveConfirm")}
            action={approve}
            fields={{ ids: waiting.map(({ id }) => id).join(",") }}
            namespace="privacy"
            done={t("approved")}
            tone="danger"
          />
        </div>
      )}
      <Pager previousHref={firstHref} nextHref={nextHref} />
    </>
  );
}
