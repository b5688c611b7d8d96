import { useTranslations } from "next-intl";
import { Form, SubmitButton } from "#ui/form";
import { LinkButton } from "#ui/link-button";
import { Sheet } from "#ui/sheet";
import { TextField } from "#ui/text-field";
import { forget } from "../connexion/actions";

/** Public: answers the same whether the account exists or not. */
export default function ForgottenPage() {
  const t = useTranslations("users");
  return (
    <Sheet title={t("forgotten.title")} lead={t("forgotten.lead")}>
      <Form action={forget} namespace="users">
        <TextField name="email" type="email" label={t("fields.email")} autoComplete="username" required />
        <SubmitButton className="w-full">{t("forgotten.submit")}</SubmitButton>
        <LinkButton href="/connexion" variant="ghost">
          {t("forgotten.back")}
        </LinkButton>
      </Form>
    </Sheet>
  );
}
