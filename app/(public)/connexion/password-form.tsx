import { useTranslations } from "next-intl";
import { Form, type FormAction, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";

type Props = { action: FormAction; token: string; email: string; submit: string };

/** Chooses a password with a one-time link. */
export function PasswordForm({ action, token, email, submit }: Props) {
  const t = useTranslations("users.fields");
  return (
    <Form action={action} namespace="users">
      <input type="hidden" name="token" value={token} />
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <TextField
        name="password"
        type="password"
        label={t("password")}
        hint={t("passwordRule")}
        autoComplete="new-password"
        required
      />
      <SubmitButton className="w-full">{submit}</SubmitButton>
    </Form>
  );
}
