import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { getRedirectUri } from "#lib/letters/relays/oauth-queries";
import { PageHeader } from "#ui/page-header";
import { RelayForm } from "../relay-form";

export default async function NewRelayPage() {
  await gate("relays.edit", "/relays/new");
  const t = await getTranslations("relays");
  return (
    <>
      <PageHeader title={t("newTitle")} breadcrumbs={[{ label: t("title"), href: "/relays" }]} />
      <RelayForm relay={null} oauth={null} redirectUri={await getRedirectUri()} />
    </>
  );
}
