import { Send } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextArea } from "#ui/text-field";
import { test } from "../../actions";

type Props = { id: number; sampleId: number | null; email: string };

export function TestDialog({ id, sampleId, email }: Props) {
  const t = useTranslations("campaigns.compose");
  return (
    <Dialog
      trigger={{ label: t("test"), icon: <Send aria-hidden /> }}
      title={t("testTitle")}
      description={t("testLead")}
    >
      <Form action={test} namespace="campaigns" done={t("testDone")}>
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="sampleId" value={sampleId ?? ""} />
        <TextArea
          name="to"
          label={t("testTo")}
          hint={t("testToHint")}
          defaultValue={email}
          required
          rows={3}
        />
        <FormActions>
          <SubmitButton icon={<Send aria-hidden />}>{t("testSend")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
