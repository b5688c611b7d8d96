import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import type { SessionUser } from "#lib/gates/session";
import { wallClock } from "#lib/machine/paris";
import { listTasksAbout } from "#lib/people/tasks/queries";
import { Card } from "#ui/card";
import { TaskLine } from "./line";
import { NewTask } from "./new-task";

type Props = { user: SessionUser; about: { contactId?: number; organisationId?: number } };

/** What is still to do about somebody, or a company; nothing for who reads only. */
export async function TasksAbout({ user, about }: Props) {
  if (!may(user.role, "tasks.read")) return null;
  const [t, tasks] = [await getTranslations("tasks"), await listTasksAbout(about)];
  const now = wallClock(new Date());
  return (
    <Card
      flush
      title={t("title")}
      actions={
        <NewTask me={user.id} about={about} trigger={{ size: "sm", variant: "ghost", iconOnly: true }} />
      }
    >
      {tasks.length === 0 ? (
        <p className="px-5 pb-5 text-soft">{t("noneAbout")}</p>
      ) : (
        <ul className="divide-y divide-line border-t border-line">
          {tasks.map((task) => (
            <TaskLine key={task.id} task={task} now={now} here />
          ))}
        </ul>
      )}
    </Card>
  );
}
