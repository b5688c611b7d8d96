import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { findSignature } from "#lib/letters/drafts/queries";
import { Card } from "#ui/card";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { PageHeader } from "#ui/page-header";
import { RichField } from "#ui/rich-field";
import { sign } from "../actions";

export default async function SignaturePage() {
  const user = await gate("letters.send", "/letters/signature");
  const [html, t] = [await findSignature(user.id), await getTranslations("letters")];
  return (
    <>
      <PageHeader
        title={t("signature.title")}
        lead={t("signature.lead")}
        breadcrumbs={[{ label: t("title"), href: "/inbox" }]}
      />
      <Card className="max-w-3xl">
        <Form action={sign} namespace="letters" done={t("signature.saved")}>
          <RichField name="html" label={t("signature.label")} defaultHtml={html} />
          <FormActions>
            <SubmitButton>{t("signature.save")}</SubmitButton>
          </FormActions>
        </Form>
      </Card>
    </>
  );
}
