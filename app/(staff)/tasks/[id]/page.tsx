import { Check, Undo2 } from "lucide-react";
import Link from "next/link";
import { notFound } from "next/navigation";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { wallClock } from "#lib/machine/paris";
import { findTask, listAssignees, type TaskRow } from "#lib/people/tasks/queries";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { PageHeader } from "#ui/page-header";
import { type Assignee, TaskFields } from "../../_tasks/fields";
import { Due } from "../../_tasks/line";
import { edit, finish, reopen } from "../actions";

/** One follow-up: reworded, moved, given, done, and where it comes from. */
export default async function TaskPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const user = await gate("tasks.read", `/tasks/${id}`);
  const task = await findTask(idOf(id) ?? 0);
  if (!task) notFound();
  const [t, found] = [await getTranslations("tasks"), await listAssignees()];
  // Whoever left keeps their name on what was theirs.
  const assignees = found.some((one) => one.id === task.ownerId)
    ? found
    : [...found, { id: task.ownerId, name: task.owner }];
  const act = { fields: { id: task.id }, namespace: "tasks" };
  return (
    <>
      <PageHeader
        title={task.title}
        breadcrumbs={[{ label: t("title"), href: "/tasks" }]}
        aside={<Due task={task} now={wallClock(new Date())} />}
        actions={
          task.doneAt ? (
            <ActionButton {...act} action={reopen} done={t("reopened")} icon={<Undo2 aria-hidden />}>
              {t("reopen")}
            </ActionButton>
          ) : (
            <ActionButton
              {...act}
              action={finish}
              undo={reopen}
              done={t("finished")}
              variant="primary"
              icon={<Check aria-hidden />}
            >
              {t("finish")}
            </ActionButton>
          )
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(18rem,2fr)]">
        {!task.doneAt && <Edit task={task} assignees={assignees} />}
        <About task={task} readsMail={may(user.role, "received.read")} />
      </div>
    </>
  );
}

function Edit({ task, assignees }: { task: TaskRow; assignees: Assignee[] }) {
  const t = useTranslations("tasks");
  return (
    <Card title={t("edit")}>
      <Form key={task.version} action={edit} namespace="tasks" done={t("saved")}>
        <input type="hidden" name="id" value={task.id} />
        <input type="hidden" name="version" value={task.version} />
        <TaskFields assignees={assignees} {...task} />
        <FormActions>
          <SubmitButton>{t("save")}</SubmitButton>
        </FormActions>
      </Form>
    </Card>
  );
}

function About({ task, readsMail }: { task: TaskRow; readsMail: boolean }) {
  const t = useTranslations("tasks");
  const link = (href: string, name: string) => (
    <Link href={href} className="rounded text-brand-text underline underline-offset-3">
      {name}
    </Link>
  );
  const mail = task.answerId ?? task.receivedMailId;
  return (
    <Card title={t("about")}>
      <DescriptionList
        items={[
          { label: t("fields.owner"), value: task.owner },
          task.contactId !== null && {
            label: t("contact"),
            value: link(`/contacts/${task.contactId}`, task.contact ?? "–"),
          },
          task.organisationId !== null && {
            label: t("organisation"),
            value: link(`/organisations/${task.organisationId}`, task.organisation ?? "–"),
          },
          readsMail &&
            mail !== null && {
              label: t(task.answerId === null ? "source" : "answer"),
              value: link(`/received/${mail}`, t("seeMail")),
            },
          task.awaits && !task.doneAt && { label: t("waiting"), value: t("remindText") },
        ]}
      />
    </Card>
  );
}
