import { getTranslations } from "next-intl/server";
import { findLink } from "#lib/office/users/links";
import { Sheet } from "#ui/sheet";
import { resetPassword } from "../../connexion/actions";
import { DeadLink } from "../../connexion/dead-link";
import { PasswordForm } from "../../connexion/password-form";

/** Public: the link is only used up by sending the form. */
export default async function ResetPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const t = await getTranslations("users");
  const owner = (await findLink("reset", token))?.owner;
  if (!owner) return <DeadLink />;
  const { email } = owner;
  return (
    <Sheet title={t("reset.title")} lead={t("reset.lead", { email })}>
      <PasswordForm action={resetPassword} token={token} email={email} submit={t("reset.submit")} />
    </Sheet>
  );
}
