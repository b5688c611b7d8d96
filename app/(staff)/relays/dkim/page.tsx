import { KeyRound, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { type DkimDomain, listDkimDomains } from "#lib/dkim/queries";
import { may } from "#lib/permissions";
import { gate } from "#lib/session";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { PageHeader } from "#ui/page-header";
import { create } from "./actions";
import { KeyPanel } from "./key-panel";

export default async function DkimPage() {
  const user = await gate("relays.read", "/relays/dkim");
  const [domains, t, r] = await Promise.all([
    listDkimDomains(),
    getTranslations("dkim"),
    getTranslations("relays"),
  ]);
  const mayEdit = may(user.role, "relays.edit");
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        breadcrumbs={[{ label: r("title"), href: "/relays" }]}
      />
      {domains.length === 0 && (
        <EmptyState icon={<KeyRound aria-hidden />} title={t("none")}>
          {t("noneText")}
        </EmptyState>
      )}
      <div className="flex max-w-4xl flex-col gap-6">
        {domains.map((domain) => (
          <DomainCard key={domain.domain} domain={domain} mayEdit={mayEdit} />
        ))}
      </div>
    </>
  );
}

function DomainCard({ domain: { domain, keys }, mayEdit }: { domain: DkimDomain; mayEdit: boolean }) {
  const t = useTranslations("dkim");
  const waits = keys.some(({ state }) => state === "waiting" || state === "ready");
  const add = (
    <ActionButton
      action={create}
      fields={{ domain }}
      namespace="dkim"
      done={t("created")}
      size="sm"
      icon={<Plus aria-hidden />}
    >
      {keys.length === 0 ? t("create") : t("createNext")}
    </ActionButton>
  );
  return (
    <Card title={domain} actions={mayEdit && !waits && add}>
      {keys.length === 0 && <p className="text-soft">{t("unsigned")}</p>}
      <ul className="divide-y divide-line">
        {keys.map((key) => (
          <li key={key.id} className="py-4 first:pt-1 last:pb-0">
            <KeyPanel domain={domain} shown={key} mayEdit={mayEdit} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
