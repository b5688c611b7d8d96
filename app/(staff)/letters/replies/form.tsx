import { useTranslations } from "next-intl";
import { Checkbox } from "#ui/checkbox";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { RichField } from "#ui/rich-field";
import { TextField } from "#ui/text-field";
import { keepReply } from "../actions";

type Props = { reply?: { id: number; title: string; html: string; shared: boolean } };

/** Words to begin a letter with, and who has them. */
export function ReplyForm({ reply }: Props) {
  const t = useTranslations("letters");
  return (
    <Form action={keepReply} namespace="letters" done={t("replies.saved")}>
      <input type="hidden" name="id" value={reply?.id ?? ""} />
      <TextField name="title" label={t("replies.name")} defaultValue={reply?.title} maxLength={80} required />
      <RichField name="html" label={t("replies.words")} defaultHtml={reply?.html ?? ""} required />
      <p className="text-sm text-soft">
        {t("replies.variables", { example: '{{ contact.firstName | default: "à vous" }}' })}
      </p>
      <Checkbox name="shared" label={t("replies.shared")} defaultChecked={reply?.shared ?? false} />
      <FormActions>
        <SubmitButton>{t("replies.save")}</SubmitButton>
      </FormActions>
    </Form>
  );
}
