import { Inbox, PenLine } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { listDrafts } from "#lib/letters/drafts/queries";
import { countThreads, listThreads, type ThreadRow } from "#lib/letters/threads/queries";
import { readsAll } from "#lib/letters/threads/reader";
import { inboxFilter, type View, views } from "#lib/letters/threads/schema";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { Filters, SearchField } from "#ui/filters";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { TabLinks } from "#ui/tab-links";
import { type Column, RowLink, Table } from "#ui/table";

export default async function InboxPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const user = await gate("letters.read", "/inbox");
  const { view, q, before } = inboxFilter.parse(await searchParams);
  const [counts, drafts, page, t] = await Promise.all([
    countThreads(user),
    listDrafts(user.id),
    view === "drafts" ? null : listThreads({ view, q, before }, user),
    getTranslations("letters"),
  ]);
  const numbers: Partial<Record<View, number>> = { ...counts, drafts: drafts.length };
  return (
    <>
      <PageHeader title={t("title")} lead={readsAll(user) ? t("lead") : t("leadOwn")} />
      <TabLinks
        label={t("viewsLabel")}
        links={views.map((one) => ({
          href: one === "toDo" ? "/inbox" : `/inbox?view=${one}`,
          label: t(`views.${one}`),
          count: numbers[one] || undefined,
          current: view === one,
        }))}
      />
      <Card flush>
        {page ? <Threads {...page} view={view} q={q} me={user.id} /> : <Drafts drafts={drafts} />}
      </Card>
    </>
  );
}

type ThreadsProps = { rows: ThreadRow[]; next: number | null; view: View; q: string; me: number };

function Threads({ rows, next, view, q, me }: ThreadsProps) {
  const t = useTranslations("letters");
  const search = new URLSearchParams({ view, ...(q && { q }), ...(next && { before: String(next) }) });
  return (
    <>
      {(rows.length > 0 || q) && (
        <div className="px-5 pt-4 pb-3">
          <Filters label={t("filter")}>
            <input type="hidden" name="view" value={view} />
            <SearchField label={t("search")} defaultValue={q} />
          </Filters>
        </div>
      )}
      <Table
        caption={t(`views.${view}`)}
        columns={useColumns(me)}
        rows={rows}
        rowKey={({ id }) => id}
        empty={<Nothing view={q ? "search" : view} />}
      />
      <Pager nextHref={next ? `/inbox?${search}` : null} />
    </>
  );
}

function Nothing({ view }: { view: View | "search" }) {
  const t = useTranslations("letters.empty");
  const kind = view === "waiting" || view === "done" ? "other" : view;
  return (
    <EmptyState icon={<Inbox />} title={t(kind)}>
      {t(`${kind}Text`)}
    </EmptyState>
  );
}

function useMoment() {
  const format = useFormatter();
  return (at: Date) => (
    <time dateTime={at.toISOString()} className="whitespace-nowrap text-soft">
      {format.dateTime(at, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })}
    </time>
  );
}

function useColumns(me: number): Column<ThreadRow>[] {
  const t = useTranslations("letters");
  const format = useFormatter();
  const moment = useMoment();
  return [
    {
      key: "thread",
      label: t("columns.thread"),
      heading: true,
      cell: ({ id, subject, letters, who, snoozedUntil, begins, author, authorId }) => (
        <>
          <RowLink href={`/inbox/${id}`}>
            <span className="line-clamp-2 [overflow-wrap:anywhere]">{subject || t("noSubject")}</span>
          </RowLink>
          <span className="line-clamp-1 text-sm font-normal text-faint [overflow-wrap:anywhere]">
            {[who || t("unknown"), letters > 1 && t("count", { count: letters })].filter(Boolean).join(" · ")}
          </span>
          {begins && (
            <span className="line-clamp-2 text-sm font-normal text-soft sm:line-clamp-1 [overflow-wrap:anywhere]">
              {authorId === null
                ? begins
                : t("weSaid", { who: authorId === me ? t("you") : (author ?? ""), text: begins })}
            </span>
          )}
          {snoozedUntil && snoozedUntil > new Date() && (
            <span className="block text-sm font-normal text-soft">
              {t("snoozedUntil", { date: format.dateTime(snoozedUntil, { day: "numeric", month: "long" }) })}
            </span>
          )}
        </>
      ),
    },
    {
      key: "assignee",
      label: t("columns.assignee"),
      cell: ({ assignee }) => assignee ?? <span className="text-faint">{t("nobody")}</span>,
    },
    { key: "at", label: t("columns.at"), beside: true, numeric: true, cell: ({ at }) => moment(at) },
  ];
}

type DraftRow = Awaited<ReturnType<typeof listDrafts>>[number];

function Drafts({ drafts }: { drafts: DraftRow[] }) {
  const t = useTranslations("letters");
  const moment = useMoment();
  const columns: Column<DraftRow>[] = [
    {
      key: "thread",
      label: t("columns.thread"),
      heading: true,
      cell: ({ id, subject }) => (
        <RowLink href={`/letters/${id}`}>
          <span className="line-clamp-2 [overflow-wrap:anywhere]">{subject || t("noSubject")}</span>
        </RowLink>
      ),
    },
    {
      key: "people",
      label: t("columns.people"),
      cell: ({ to, people }) => t("people", { count: people, name: to, others: people - 1 }),
    },
    {
      key: "saved",
      label: t("columns.saved"),
      beside: true,
      numeric: true,
      cell: ({ updatedAt }) => moment(updatedAt),
    },
  ];
  return (
    <Table
      caption={t("views.drafts")}
      columns={columns}
      rows={drafts}
      rowKey={({ id }) => id}
      empty={
        <EmptyState icon={<PenLine />} title={t("empty.drafts")}>
          {t("empty.draftsText")}
        </EmptyState>
      }
    />
  );
}
