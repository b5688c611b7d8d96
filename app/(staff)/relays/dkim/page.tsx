import { KeyRound, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { type DomainRecords, listDomainRecords } from "#lib/letters/dkim/domain-records";
import { type DkimDomain, listDkimDomains } from "#lib/letters/dkim/queries";
import type { Algorithm } from "#lib/letters/dkim/schema";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { create } from "./actions";
import { DomainPanel } from "./domain-panel";
import { KeyPanel } from "./key-panel";

export default async function DkimPage() {
  const user = await gate("relays.read", "/relays/dkim");
  const [domains, records, t, r] = await Promise.all([
    listDkimDomains(),
    listDomainRecords(),
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
        <EmptyState
          icon={<KeyRound aria-hidden />}
          title={t("none")}
          actions={mayEdit && <LinkButton href="/relays">{t("noneAct")}</LinkButton>}
        >
          {t("noneText")}
        </EmptyState>
      )}
      <div className="flex max-w-4xl flex-col gap-6">
        {domains.map((domain) => (
          <DomainCard
            key={domain.domain}
            domain={domain}
            records={records.find((one) => one.domain === domain.domain)}
            mayEdit={mayEdit}
          />
        ))}
      </div>
    </>
  );
}

type CardProps = {
  domain: DkimDomain;
  /** None when only old keys are left of the domain. */
  records: DomainRecords | undefined;
  mayEdit: boolean;
};

function DomainCard({ domain: { domain, keys }, records, mayEdit }: CardProps) {
  const t = useTranslations("dkim");
  // The provider of a public domain signs by itself: a key of ours could not be published.
  const offered = mayEdit && !(records?.free && keys.length === 0);
  const signs = keys.some(({ algorithm, state }) => algorithm === "rsa" && state === "signing");
  return (
    <Card
      title={domain}
      actions={
        offered && (
          <div className="flex flex-wrap gap-2 sm:justify-end">
            <Create domain={domain} keys={keys} algorithm="rsa" />
            {/* Beside RSA, which every receiver reads: alone it would be no signature for most. */}
            {signs && <Create domain={domain} keys={keys} algorithm="ed25519" />}
          </div>
        )
      }
    >
      {records && <DomainPanel records={records} keys={keys} mayEdit={mayEdit} />}
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

/** Offered while no key of its kind waits. */
function Create({ domain, keys, algorithm }: DkimDomain & { algorithm: Algorithm }) {
  const t = useTranslations("dkim");
  const same = keys.filter((key) => key.algorithm === algorithm);
  if (same.some(({ state }) => state === "waiting" || state === "ready")) return null;
  return (
    <ActionButton
      action={create}
      fields={{ domain, algorithm }}
      namespace="dkim"
      done={t("created")}
      size="sm"
      icon={<Plus aria-hidden />}
    >
      {t(`${same.length === 0 ? "create" : "createNext"}.${algorithm}`)}
    </ActionButton>
  );
}
