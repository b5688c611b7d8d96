import { FlaskConical, Trash2 } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { countSandboxMessages, isSandboxActive, listSandboxMessages } from "#lib/letters/sandbox/queries";
import { sandboxFilter } from "#lib/letters/sandbox/schema";
import { Address } from "#ui/address";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { EmptyState } from "#ui/empty-state";
import { Filters, SearchField } from "#ui/filters";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { TabLinks } from "#ui/tab-links";
import { type Column, RowLink, Table } from "#ui/table";
import { clear } from "./actions";
import { HowTo } from "./how-to";

type Row = Awaited<ReturnType<typeof listSandboxMessages>>["messages"][number];
type Filter = ReturnType<typeof sandboxFilter.parse>;

export default async function SandboxPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string>>;
}) {
  const user = await gate("sandbox.read", "/sandbox");
  const filter = sandboxFilter.parse(await searchParams);
  const [{ messages, next }, counts, active] = await Promise.all([
    listSandboxMessages(filter),
    countSandboxMessages(),
    isSandboxActive(),
  ]);
  const t = await getTranslations("sandbox");
  const clearable = counts.sent + counts.inbox > 0 && may(user.role, "sandbox.clear");
  const many = (count: number) => (count > 10_000 ? "10 000+" : count);
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={clearable && <Clear count={counts.sent + counts.inbox} />}
      />
      {!active && (
        <Alert tone="info" title={t("inactive")} className="mb-5">
          {t("inactiveText")}
        </Alert>
      )}
      <TabLinks
        label={t("foldersLabel")}
        links={(["sent", "inbox"] as const).map((folder) => ({
          href: folder === "sent" ? "/sandbox" : "/sandbox?folder=inbox",
          label: t(`folders.${folder}`),
          count: many(counts[folder]),
          current: filter.folder === folder,
        }))}
      />
      <div className="flex flex-col gap-6">
        <Messages filter={filter} messages={messages} next={next} />
        <HowTo />
      </div>
    </>
  );
}

function Clear({ count }: { count: number }) {
  const t = useTranslations("sandbox");
  return (
    <ConfirmDialog
      trigger={{ label: t("clear"), icon: <Trash2 aria-hidden /> }}
      title={t("clearTitle")}
      consequence={t("clearText", { count })}
      confirmLabel={t("clearConfirm")}
      action={clear}
      tone="danger"
      namespace="sandbox"
      done={t("cleared")}
    />
  );
}

function Messages({ filter, messages, next }: { filter: Filter; messages: Row[]; next: number | null }) {
  const t = useTranslations("sandbox");
  const search = new URLSearchParams({
    ...(filter.folder === "inbox" && { folder: "inbox" }),
    ...(filter.q && { q: filter.q }),
  });
  if (next) search.set("before", String(next));
  return (
    <Card flush>
      {(messages.length > 0 || filter.q) && (
        <div className="px-5 pt-4 pb-3">
          <Filters label={t("filter")}>
            {filter.folder === "inbox" && <input type="hidden" name="folder" value="inbox" />}
            <SearchField label={t("search")} defaultValue={filter.q} />
          </Filters>
        </div>
      )}
      <Table
        caption={t(`folders.${filter.folder}`)}
        columns={useColumns(filter.folder)}
        rows={messages}
        rowKey={({ id }) => id}
        empty={<Nothing filter={filter} />}
      />
      <Pager nextHref={next ? `/sandbox?${search}` : null} />
    </Card>
  );
}

function useColumns(folder: Filter["folder"]): Column<Row>[] {
  const t = useTranslations("sandbox");
  const format = useFormatter();
  return [
    {
      key: "subject",
      label: t("columns.subject"),
      heading: true,
      cell: ({ id, subject }) => (
        <RowLink href={`/sandbox/${id}`}>
          <span className="line-clamp-2 [overflow-wrap:anywhere]">{subject || t("noSubject")}</span>
        </RowLink>
      ),
    },
    {
      key: "who",
      label: folder === "sent" ? t("columns.to") : t("columns.from"),
      cell: (row) => (
        <span className="text-soft">
          <Address>{folder === "sent" ? row.recipient : row.envelopeFrom}</Address>
        </span>
      ),
    },
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
  ];
}

function Nothing({ filter }: { filter: Filter }) {
  const t = useTranslations("sandbox");
  const [title, text] = filter.q
    ? [t("emptySearch"), t("emptySearchText")]
    : filter.folder === "sent"
      ? [t("empty"), t("emptyText")]
      : [t("emptyInbox"), t("emptyInboxText")];
  return (
    <EmptyState icon={<FlaskConical />} title={title}>
      {text}
    </EmptyState>
  );
}
