import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { findRelayOauth, getRedirectUri } from "#lib/letters/relays/oauth-queries";
import { findRelay } from "#lib/letters/relays/queries";
import { idOf } from "#lib/machine/asked";
import { PageHeader } from "#ui/page-header";
import { RelayForm } from "../../relay-form";

export default async function EditRelayPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await gate("relays.edit", `/relays/${id}/edit`);
  const relay = await findRelay(idOf(id) ?? 0);
  if (!relay || relay.kind === "sandbox") notFound();
  const [oauth, redirectUri] = await Promise.all([findRelayOauth(relay.id), getRedirectUri()]);
  const t = await getTranslations("relays");
  return (
    <>
      <PageHeader
        title={t("editTitle")}
        breadcrumbs={[
          { label: t("title"), href: "/relays" },
          { label: relay.name, href: `/relays/${id}` },
        ]}
      />
      <RelayForm relay={relay} oauth={oauth} redirectUri={redirectUri} />
    </>
  );
}
