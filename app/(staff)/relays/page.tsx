import { KeyRound, Plus } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { listRelays } from "#lib/letters/relays/queries";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { RelayCard } from "./relay-card";

export default async function RelaysPage() {
  const user = await gate("relays.read", "/relays");
  const [relays, t] = [await listRelays(), await getTranslations("relays")];
  const d = await getTranslations("dkim");
  const add = (
    <LinkButton href="/relays/new" variant="primary" icon={<Plus aria-hidden />}>
      {t("add")}
    </LinkButton>
  );
  const acts = (
    <>
      <LinkButton href="/relays/dkim" icon={<KeyRound aria-hidden />}>
        {d("open")}
      </LinkButton>
      {may(user.role, "relays.edit") && add}
    </>
  );
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} actions={acts} />
      <div className="grid gap-5 lg:grid-cols-2">
        {relays.map((relay) => (
          <RelayCard key={relay.id} relay={relay} />
        ))}
      </div>
    </>
  );
}
