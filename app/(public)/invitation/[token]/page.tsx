import { getTranslations } from "next-intl/server";
import { findLink } from "#lib/office/users/links";
import { Sheet } from "#ui/sheet";
import { acceptInvitation } from "../../connexion/actions";
import { DeadLink } from "../../connexion/dead-link";
import { PasswordForm } from "../../connexion/password-form";

/** Public: the link is only used up by sending the form. */
export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const t = await getTranslations("users");
  const owner = (await findLink("invitation", token))?.owner;
  if (!owner) return <DeadLink />;
  const { name, email } = owner;
  return (
    <Sheet
      title={t("invitation.title", { name })}
      lead={t("invitation.lead", { email, role: t(`roles.${owner.role}`) })}
    >
      <PasswordForm action={acceptInvitation} token={token} email={email} submit={t("invitation.submit")} />
    </Sheet>
  );
}
