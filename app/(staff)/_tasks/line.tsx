import { CalendarArrowUp, Check, Undo2, UserRoundPlus } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { TaskRow } from "#lib/people/tasks/queries";
import { standingOf } from "#lib/people/tasks/rules";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { Dialog } from "#ui/dialog";
import type { Tone } from "#ui/tone";
import { finish, give, postpone, putBack, reopen } from "../tasks/actions";
import type { Assignee } from "./fields";

const tones: Record<ReturnType<typeof standingOf>, Tone> = {
  late: "bad",
  today: "brand",
  coming: "neutral",
  done: "good",
};

type Props = {
  task: TaskRow;
  /** « 2026-11-27T14:30 » of Paris. */
  now: string;
  /** To whom it can be given; without, it is only done or moved. */
  assignees?: Assignee[];
  /** On the page of whom it is about. */
  here?: boolean;
};

/** One follow-up of a list: what, about whom, until when, and its clicks. */
export function TaskLine({ task, now, assignees, here = false }: Props) {
  return (
    <li data-task className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <Link
          href={`/tasks/${task.id}`}
          className="rounded font-medium [overflow-wrap:anywhere] hover:text-brand-text hover:underline"
        >
          {task.title}
        </Link>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-soft">
          <Due task={task} now={now} />
          {!here && <About task={task} />}
          {task.awaits && !task.doneAt && <Awaits />}
          {assignees && <span>{task.owner}</span>}
        </p>
      </div>
      <div className="flex flex-wrap gap-1.5">
        <Acts task={task} assignees={assignees} />
      </div>
    </li>
  );
}

export function Due({ task, now }: { task: TaskRow; now: string }) {
  const t = useTranslations("tasks");
  const format = useFormatter();
  const standing = standingOf(task, now);
  const day = format.dateTime(new Date(`${task.dueOn}T00:00:00Z`), {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
  const done = task.doneAt ? format.dateTime(task.doneAt, { day: "numeric", month: "short" }) : "";
  const answered = standing === "done" && task.answerId !== null;
  return (
    <Badge tone={tones[standing]} dot>
      {t(answered ? "due.answered" : `due.${standing}`, {
        day: task.dueTime ? t("due.at", { day, time: task.dueTime }) : day,
        time: task.dueTime ?? "none",
        done,
        by: task.doneBy ?? "",
      })}
    </Badge>
  );
}

function About({ task }: { task: TaskRow }) {
  const link = (href: string, name: ReactNode) => (
    <Link href={href} className="rounded text-brand-text underline-offset-3 hover:underline">
      {name}
    </Link>
  );
  return (
    <>
      {task.contactId !== null && link(`/contacts/${task.contactId}`, task.contact ?? "–")}
      {task.organisationId !== null &&
        link(`/organisations/${task.organisationId}`, task.organisation ?? "–")}
    </>
  );
}

function Awaits() {
  const t = useTranslations("tasks");
  return <span>{t("awaits")}</span>;
}

function Acts({ task, assignees }: Pick<Props, "task" | "assignees">) {
  const t = useTranslations("tasks");
  const button = { namespace: "tasks", size: "sm" } as const;
  if (task.doneAt)
    return (
      <ActionButton
        {...button}
        action={reopen}
        fields={{ id: task.id }}
        done={t("reopened")}
        variant="ghost"
        icon={<Undo2 aria-hidden />}
        aria-label={t("named", { act: t("reopen"), title: task.title })}
      >
        {t("reopen")}
      </ActionButton>
    );
  const { id, version, dueOn } = task;
  return (
    <>
      <ActionButton
        {...button}
        action={finish}
        undo={reopen}
        fields={{ id }}
        done={t("finished")}
        icon={<Check aria-hidden />}
        data-act="f"
        aria-keyshortcuts="F"
        aria-label={t("named", { act: t("finish"), title: task.title })}
      >
        {t("finish")}
      </ActionButton>
      {(["tomorrow", "monday"] as const).map((to) => (
        <ActionButton
          key={to}
          {...button}
          action={postpone}
          undo={putBack}
          fields={{ id, version, dueOn, to }}
          done={t("moved")}
          variant="ghost"
          icon={to === "monday" ? <CalendarArrowUp aria-hidden /> : undefined}
          data-act={to === "monday" ? "l" : "d"}
          aria-keyshortcuts={to === "monday" ? "L" : "D"}
          aria-label={t("named", { act: t(to), title: task.title })}
        >
          {t(to)}
        </ActionButton>
      ))}
      {assignees && assignees.length > 1 && <Give task={task} assignees={assignees} />}
    </>
  );
}

function Give({
  task: { id, version, ownerId, title },
  assignees,
}: {
  task: TaskRow;
  assignees: Assignee[];
}) {
  const t = useTranslations("tasks");
  return (
    <Dialog
      trigger={{ label: t("give"), icon: <UserRoundPlus aria-hidden />, iconOnly: true }}
      title={t("give")}
      description={title}
    >
      <ul className="flex flex-col gap-1">
        {assignees
          .filter((one) => one.id !== ownerId)
          .map((one) => (
            <li key={one.id} className="flex flex-col">
              <ActionButton
                action={give}
                undo={putBack}
                fields={{ id, version, ownerId: one.id }}
                namespace="tasks"
                done={t("given", { name: one.name })}
                variant="ghost"
                className="justify-start"
              >
                {one.name}
              </ActionButton>
            </li>
          ))}
      </ul>
    </Dialog>
  );
}
