import { ListPlus } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { listAssignees } from "#lib/people/tasks/queries";
import { daysAfter, todayInParis, workdayAfter } from "#lib/people/tasks/rules";
import { Dialog, type Trigger } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { create } from "../tasks/actions";
import { TaskFields } from "./fields";

type Props = {
  /** Whose it is unless told otherwise. */
  me: number;
  /** Whom or what it is about, and what it is made from: ids. */
  about?: Partial<Record<"contactId" | "organisationId" | "receivedMailId" | "awaitsId", number>>;
  /** What there is to do, when it can be guessed. */
  title?: string;
  trigger?: Partial<Trigger>;
};

/** A follow-up made from where one stands. One that awaits an answer is due in a week, others on the next day of work. */
export async function NewTask({ me, about = {}, title, trigger }: Props) {
  const t = await getTranslations("tasks");
  const [assignees, today] = [await listAssignees(), todayInParis()];
  const awaits = about.awaitsId !== undefined;
  return (
    <Dialog
      trigger={{ label: t(awaits ? "remind" : "new"), icon: <ListPlus aria-hidden />, ...trigger }}
      title={t(awaits ? "remind" : "new")}
      description={awaits ? t("remindText") : undefined}
    >
      <Form action={create} namespace="tasks" done={t("created")} resets>
        {Object.entries(about).map(([name, id]) => (
          <input key={name} type="hidden" name={name} value={id} />
        ))}
        <TaskFields
          assignees={assignees}
          title={title}
          ownerId={me}
          dueOn={awaits ? daysAfter(today, 7) : workdayAfter(today)}
        />
        <FormActions>
          <SubmitButton>{t("create")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
