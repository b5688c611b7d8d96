import { UserPen } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { countCorrections } from "#lib/returns/corrections/queries";
import { listMailboxTrouble } from "#lib/returns/mailbox/queries";
import { countToDecide, countToHandle, listReceived } from "#lib/returns/received/queries";
import { receivedFilter, views } from "#lib/returns/received/schema";
import { Alert } from "#ui/alert";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { TabLinks } from "#ui/tab-links";
import { Received } from "./list";

export default async function MailboxPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string>>;
}) {
  const user = await gate("received.read", "/received");
  const filter = receivedFilter.parse(await searchParams);
  const [page, toHandle, toDecide, trouble, corrections] = await Promise.all([
    listReceived(filter),
    countToHandle(),
    countToDecide(),
    listMailboxTrouble(),
    countCorrections(),
  ]);
  const t = await getTranslations("received");
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            {may(user.role, "received.handle") && (
              <LinkButton href="/received/rejudge" variant="ghost">
                {t("rejudge.link")}
              </LinkButton>
            )}
            {may(user.role, "contacts.edit") && (
              <LinkButton href="/received/corrections" icon={<UserPen aria-hidden />}>
                {t("corrections.waiting", { count: corrections })}
              </LinkButton>
            )}
          </>
        }
      />
      {trouble.map((relay) => (
        <Trouble key={relay.id} relay={relay} mayFix={may(user.role, "relays.edit")} />
      ))}
      <TabLinks
        label={t("viewsLabel")}
        links={views.map((view) => ({
          href: view === "toHandle" ? "/received" : `/received?view=${view}`,
          label: t(`views.${view}`),
          count: view === "toHandle" ? toHandle : view === "toDecide" ? toDecide : undefined,
          current: filter.view === view,
        }))}
      />
      <Received {...page} view={filter.view} q={filter.q} mayHandle={may(user.role, "received.handle")} />
    </>
  );
}

type TroubleRelay = Awaited<ReturnType<typeof listMailboxTrouble>>[number];

function Trouble({ relay, mayFix }: { relay: TroubleRelay; mayFix: boolean }) {
  const t = useTranslations("received");
  const failures = useTranslations("relays.failures");
  const format = useFormatter();
  const fix = (
    <LinkButton href={`/relays/${relay.id}`} size="sm">
      {t("troubleFix")}
    </LinkButton>
  );
  return (
    <Alert tone="bad" title={t("trouble", { relay: relay.name })} actions={mayFix && fix} className="mb-5">
      {failures(relay.failure)}{" "}
      {relay.isSoon ? t("troubleSoon") : t("troubleRetry", { when: format.relativeTime(relay.dueAt) })}
    </Alert>
  );
}
