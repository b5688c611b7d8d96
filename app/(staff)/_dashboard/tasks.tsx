import { useTranslations } from "next-intl";
import type { TaskCounts, TaskRow } from "#lib/people/tasks/queries";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import { TaskLine } from "../_tasks/line";

type Props = { tasks: TaskRow[]; counts: TaskCounts; now: string };

/** One’s own, late and of today: what is late never vanishes. */
export function Tasks({ tasks, counts, now }: Props) {
  const t = useTranslations("tasks");
  return (
    <Card
      flush
      title={t("mineToday")}
      actions={
        <>
          {counts.late > 0 && <Badge tone="bad">{t("late", { count: counts.late })}</Badge>}
          <LinkButton href="/tasks" size="sm" variant="ghost">
            {t("seeAll")}
          </LinkButton>
        </>
      }
    >
      {tasks.length === 0 ? (
        <p className="px-5 pb-5 text-soft">{t("nothingToday")}</p>
      ) : (
        <ul className="divide-y divide-line border-t border-line">
          {tasks.map((task) => (
            <TaskLine key={task.id} task={task} now={now} />
          ))}
        </ul>
      )}
    </Card>
  );
}
