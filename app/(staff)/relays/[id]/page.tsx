import { FlaskConical, Pause, Pencil, Play } from "lucide-react";
import { notFound } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { relayFacts } from "#lib/letters/campaigns/live";
import { waitingReason } from "#lib/letters/campaigns/waiting";
import { listRoutes, listStandIns, listStoodInFor } from "#lib/letters/relays/fallbacks";
import { findRelayLive, type RelayLive } from "#lib/letters/relays/live";
import { findRelayOauth } from "#lib/letters/relays/oauth-queries";
import { findRelay, findTrial, isDefaultSandbox, type RelayDetail } from "#lib/letters/relays/queries";
import { listReadAccounts } from "#lib/letters/relays/replies";
import { idOf } from "#lib/machine/asked";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { DescriptionList } from "#ui/description-list";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { LiveRefresh } from "../../_live/live-refresh";
import { Why } from "../../_live/why";
import { AccountCard } from "../account";
import { archive, pause, resume } from "../actions";
import { CheckForm } from "../check-form";
import { Identities } from "../identities";
import { MailboxState, RelayState, usePauseText } from "../state";
import { DomainsCard } from "./domains";
import { LimitsCard } from "./limits";
import { Now } from "./now";
import { Path } from "./path";
import { SentState } from "./sent-state";
import { StoodInFor } from "./stood-in-for";
import { WarmUpCard } from "./warm-up";

export default async function RelayPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const user = await gate("relays.read", `/relays/${id}`);
  const relay = await findRelay(idOf(id) ?? 0);
  if (!relay) notFound();
  const [live, inSandbox, routes, standIns, stoodInFor, readAccounts] = await Promise.all([
    findRelayLive(relay.id),
    isDefaultSandbox(),
    listRoutes(relay.id),
    listStandIns(relay.id),
    listStoodInFor(relay.id),
    listReadAccounts(),
  ]);
  if (!live) notFound();
  // Something moves, or is about to.
  const busy = live.held > 0 || live.letters > 0 || live.campaigns.length > 0;
  const [t, oauth] = [await getTranslations("relays"), await findRelayOauth(relay.id)];
  const mayEdit = may(user.role, "relays.edit");
  const inService = relay.kind === "sandbox" || (relay.testedAt !== null && relay.triedAt !== null);
  const unconnected = oauth !== null && oauth.connectedAt === null;
  return (
    <>
      <PageHeader
        title={relay.name}
        breadcrumbs={[{ label: t("title"), href: "/relays" }]}
        aside={<RelayState relay={relay} />}
        actions={mayEdit && <Acts relay={relay} />}
      />
      {busy && <LiveRefresh />}
      {relay.pause && relay.pause.reason !== "not-tested" && <Paused pause={relay.pause} />}
      {!relay.pause && <Waits live={live} />}
      {!inService && (
        <div className="mb-6">
          <Path {...{ relay, unconnected, mayEdit }} trial={await findTrial(relay.id)} email={user.email} />
        </div>
      )}
      <div className="mb-6">
        <Now live={live} busy={busy} />
      </div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(18rem,2fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          {relay.kind === "smtp" && <LimitsCard live={live} mayEdit={mayEdit} />}
          <Identities readAccounts={readAccounts} {...{ relay, routes, standIns, inSandbox, mayEdit }} />
          {relay.kind === "smtp" && <DomainsCard live={live} mayEdit={mayEdit} />}
          <Facts relay={relay} />
        </div>
        {relay.kind === "smtp" && mayEdit && (
          <div className="flex min-w-0 flex-col gap-6">
            {oauth && <AccountCard relayId={relay.id} oauth={oauth} />}
            {relay.testedAt && (
              <Card title={t("check")}>
                <CheckForm id={relay.id} hasImap={relay.mailbox !== null} />
              </Card>
            )}
            <WarmUpCard live={live} mayEdit={mayEdit} />
            <StoodInFor identities={stoodInFor} />
            <Archive relay={relay} />
          </div>
        )}
      </div>
    </>
  );
}

/** What holds back the mail of a relay that is in service. */
function Waits({ live }: { live: RelayLive }) {
  const reason = waitingReason(relayFacts(live));
  if (!reason || reason.tone === "plain") return null;
  return (
    <div className="mb-6">
      <Why reason={reason} now={live.now} toRelay={false} />
    </div>
  );
}

function Acts({ relay }: { relay: RelayDetail }) {
  const t = useTranslations("relays");
  const fields = { id: relay.id };
  return (
    <>
      {relay.pause?.reason === "not-tested" ? null : relay.pause ? (
        <ActionButton
          action={resume}
          fields={fields}
          namespace="relays"
          done={t("resumeDone")}
          variant="primary"
          icon={<Play aria-hidden />}
        >
          {t("resume")}
        </ActionButton>
      ) : (
        <ActionButton
          action={pause}
          fields={fields}
          namespace="relays"
          done={t("pauseDone")}
          icon={<Pause aria-hidden />}
        >
          {t("pause")}
        </ActionButton>
      )}
      {relay.kind === "smtp" ? (
        <LinkButton href={`/relays/${relay.id}/edit`} icon={<Pencil aria-hidden />}>
          {t("edit")}
        </LinkButton>
      ) : (
        <LinkButton href="/sandbox" icon={<FlaskConical aria-hidden />}>
          {t("sandboxOpen")}
        </LinkButton>
      )}
    </>
  );
}

function Paused({ pause }: { pause: NonNullable<RelayDetail["pause"]> }) {
  const t = useTranslations("relays");
  return (
    <Alert tone="warn" title={t("state.paused")} className="mb-6">
      {usePauseText(pause)}
    </Alert>
  );
}

function Facts({ relay }: { relay: RelayDetail }) {
  const t = useTranslations("relays");
  const format = useFormatter();
  if (relay.kind === "sandbox") {
    return (
      <Card title={t("kinds.sandbox")}>
        <p className="text-soft">{t("sandboxText")}</p>
        <div className="mt-2">
          <MailboxState relay={relay} />
        </div>
      </Card>
    );
  }
  return (
    <Card title={t("editTitle")}>
      <DescriptionList
        items={[
          {
            label: t("sections.smtp"),
            value: `${relay.host}:${relay.port}, ${t(`securities.${relay.security}`)}`,
          },
          { label: t("fields.username"), value: relay.username },
          { label: t("fields.maxConnections"), value: format.number(relay.maxConnections) },
          relay.mailbox && {
            label: t("sections.imap"),
            value: `${relay.mailbox.host}:${relay.mailbox.port}, ${relay.mailbox.folder}`,
          },
        ]}
      />
      <div className="mt-4">
        <MailboxState relay={relay} />
        <SentState relay={relay} />
      </div>
    </Card>
  );
}

function Archive({ relay }: { relay: RelayDetail }) {
  const t = useTranslations("relays");
  return (
    <div>
      <ConfirmDialog
        trigger={{ label: t("archive"), variant: "ghost" }}
        title={t("archiveTitle", { name: relay.name })}
        consequence={t("archiveText")}
        confirmLabel={t("archiveConfirm")}
        action={archive}
        fields={{ id: relay.id }}
        namespace="relays"
        done={t("archived")}
        tone="danger"
      />
    </div>
  );
}
