import { CircleCheckBig } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { wallClock } from "#lib/machine/paris";
import { countTasks, listAssignees, listTasks } from "#lib/people/tasks/queries";
import { taskSearch, taskViews } from "#lib/people/tasks/schema";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { Filters } from "#ui/filters";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { Select } from "#ui/select";
import { TabLinks } from "#ui/tab-links";
import { TaskKeys } from "../_tasks/keys";
import { TaskLine } from "../_tasks/line";
import { NewTask } from "../_tasks/new-task";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** What is to be done, one’s own or everybody’s, what is due first at the top. */
export default async function TasksPage({ searchParams }: Props) {
  const user = await gate("tasks.read", "/tasks");
  const search = taskSearch.parse(await searchParams);
  const [t, page, counts, assignees] = await Promise.all([
    getTranslations("tasks"),
    listTasks(search, user.id),
    countTasks(user.id),
    listAssignees(),
  ]);
  const at = (changed: Record<string, string>) => {
    const asked = Object.entries({ view: search.view, owner: String(search.owner), ...changed });
    const kept = asked.filter(([name, value]) => value !== "" && !(name === "view" && value === "open"));
    return kept.length > 0 ? `/tasks?${new URLSearchParams(kept)}` : "/tasks";
  };
  const mine = search.owner === "";
  const now = wallClock(new Date());
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={<NewTask me={user.id} trigger={{ variant: "primary" }} />}
      />
      <TabLinks
        label={t("viewsLabel")}
        links={taskViews.map((view) => ({
          href: at({ view }),
          label: t(`views.${view}`),
          count: mine && (view === "late" || view === "today") ? counts[view] : undefined,
          current: search.view === view,
        }))}
      />
      <Card flush>
        <div className="px-5 pt-4 pb-3">
          <Filters label={t("filter")}>
            {search.view !== "open" && <input type="hidden" name="view" value={search.view} />}
            <Select
              name="owner"
              label={t("fields.owner")}
              defaultValue={String(search.owner)}
              placeholder={t("mine")}
              options={[
                { value: "all", label: t("everybody") },
                ...assignees
                  .filter(({ id }) => id !== user.id)
                  .map(({ id, name }) => ({ value: String(id), label: name })),
              ]}
            />
          </Filters>
        </div>
        {page.rows.length === 0 ? (
          <EmptyState icon={<CircleCheckBig />} title={t(mine ? `empty.${search.view}` : "empty.others")}>
            {t("empty.text")}
          </EmptyState>
        ) : (
          <TaskKeys>
            <ul aria-label={t(`views.${search.view}`)} className="divide-y divide-line border-t border-line">
              {page.rows.map((task) => (
                <TaskLine key={task.id} task={task} now={now} assignees={assignees} />
              ))}
            </ul>
            <p className="no-print border-t border-line px-5 py-3 text-sm text-faint max-lg:hidden">
              {t("keys")}
            </p>
          </TaskKeys>
        )}
        <Pager
          previousHref={page.previous && at({ before: page.previous })}
          nextHref={page.next && at({ after: page.next })}
        />
      </Card>
    </>
  );
}
