import { useTranslations } from "next-intl";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";

export type Assignee = { id: number; name: string };
type Props = {
  assignees: Assignee[];
  title?: string;
  ownerId: number;
  dueOn: string;
  dueTime?: string | null;
};

/** What, who, until when. */
export function TaskFields({ assignees, title, ownerId, dueOn, dueTime }: Props) {
  const t = useTranslations("tasks");
  return (
    <>
      <TextField
        name="title"
        label={t("fields.title")}
        defaultValue={title}
        required
        maxLength={200}
        autoComplete="off"
      />
      <Select
        name="ownerId"
        label={t("fields.owner")}
        required
        defaultValue={String(ownerId)}
        options={assignees.map(({ id, name }) => ({ value: String(id), label: name }))}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField name="dueOn" type="date" label={t("fields.dueOn")} defaultValue={dueOn} required />
        <TextField
          name="dueTime"
          type="time"
          label={t("fields.dueTime")}
          hint={t("fields.dueTimeHint")}
          defaultValue={dueTime ?? ""}
        />
      </div>
    </>
  );
}
