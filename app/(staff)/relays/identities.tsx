import { Pencil, Plus, Star, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Route } from "#lib/letters/relays/fallbacks";
import type { RelayDetail } from "#lib/letters/relays/queries";
import { unreadAddress } from "#lib/letters/relays/replies";
import { Address } from "#ui/address";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { chooseDefault, keepIdentity, removeIdentity } from "./actions";
import { Fallbacks } from "./fallbacks";

type Identity = RelayDetail["identities"][number];
type Props = {
  relay: RelayDetail;
  /** Of each identity, in order. */
  routes: Route[];
  standIns: { id: number; name: string }[];
  /** The application writes into the sandbox today. */
  inSandbox: boolean;
  /** Logins of the mailboxes that are read. */
  readAccounts: string[];
  mayEdit: boolean;
};

/** The names this relay writes in. */
export function Identities({ relay, routes, standIns, inSandbox, readAccounts, mayEdit }: Props) {
  const t = useTranslations("relays");
  return (
    <Card
      title={t("identities")}
      description={t("identitiesText")}
      actions={mayEdit && <IdentityDialog relayId={relay.id} />}
    >
      {relay.identities.length === 0 && <p className="text-warn">{t("noIdentity")}</p>}
      <ul className="divide-y divide-line">
        {relay.identities.map((identity) => (
          <li key={identity.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex flex-wrap items-center gap-2 font-medium [overflow-wrap:anywhere]">
                {identity.displayName}
                {identity.isDefault && <Badge tone="brand">{t("isDefault")}</Badge>}
              </p>
              <p className="text-[0.9375rem] text-soft">
                <Address>{identity.address}</Address>
              </p>
              {identity.replyTo && (
                <p className="text-sm text-faint [overflow-wrap:anywhere]">
                  {t("repliesTo", { address: identity.replyTo })}
                </p>
              )}
              {relay.kind === "smtp" && <Unread address={unreadAddress(identity, readAccounts)} />}
            </div>
            {mayEdit && <Acts relay={relay} identity={identity} inSandbox={inSandbox} />}
            {relay.kind === "smtp" && (
              <Fallbacks
                identity={identity}
                routes={routes.filter(({ identityId }) => identityId === identity.id)}
                {...{ standIns, mayEdit }}
              />
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Unread({ address }: { address: string | null }) {
  const t = useTranslations("relays");
  return address && <p className="text-sm text-warn">{t("repliesUnread", { address })}</p>;
}

function Acts({
  relay,
  identity,
  inSandbox,
}: {
  relay: RelayDetail;
  identity: Identity;
  inSandbox: boolean;
}) {
  const t = useTranslations("relays");
  return (
    <div className="flex flex-wrap items-center gap-2">
      {!identity.isDefault && (relay.kind === "sandbox" || relay.triedAt) && (
        <DefaultDialog relay={relay} identity={identity} inSandbox={inSandbox} />
      )}
      <IdentityDialog relayId={relay.id} identity={identity} />
      {!identity.isDefault && (
        <ConfirmDialog
          trigger={{ label: t("removeIdentity"), icon: <Trash2 aria-hidden />, iconOnly: true }}
          title={t("removeTitle")}
          consequence={t("removeText", { address: identity.address })}
          confirmLabel={t("removeIdentity")}
          action={removeIdentity}
          fields={{ id: identity.id }}
          namespace="relays"
          done={t("removed")}
          tone="danger"
        />
      )}
    </div>
  );
}

/** Says plainly whether mail will start, or cease, to leave. */
function DefaultDialog({
  relay,
  identity,
  inSandbox,
}: {
  relay: RelayDetail;
  identity: Identity;
  inSandbox: boolean;
}) {
  const t = useTranslations("relays");
  const leaves = relay.kind === "smtp" && inSandbox;
  const back = relay.kind === "sandbox" && !inSandbox;
  const words = leaves
    ? { title: t("leaveTitle"), consequence: t("leaveText"), confirmLabel: t("leaveConfirm") }
    : {
        title: back ? t("backTitle") : t("defaultTitle"),
        consequence: back ? t("backText") : t("defaultText", { address: identity.address }),
        confirmLabel: t("defaultConfirm"),
      };
  return (
    <ConfirmDialog
      trigger={{ label: t("makeDefault"), icon: <Star aria-hidden />, size: "sm" }}
      {...words}
      action={chooseDefault}
      fields={{ id: identity.id, ...(leaves && { leave: "yes" }) }}
      namespace="relays"
      done={t("madeDefault")}
      tone={leaves ? "danger" : "primary"}
    />
  );
}

function IdentityDialog({ relayId, identity }: { relayId: number; identity?: Identity }) {
  const t = useTranslations("relays");
  const trigger = identity
    ? { label: t("editIdentity"), icon: <Pencil aria-hidden />, iconOnly: true }
    : { label: t("addIdentity"), icon: <Plus aria-hidden />, size: "sm" as const };
  return (
    <Dialog trigger={trigger} title={identity ? t("editIdentity") : t("addIdentity")}>
      <Form action={keepIdentity} namespace="relays" done={t("identitySaved")} resets={!identity}>
        {identity && <input type="hidden" name="id" value={identity.id} />}
        <input type="hidden" name="relayId" value={relayId} />
        <TextField
          name="displayName"
          label={t("identity.displayName")}
          hint={t("identity.displayNameHint")}
          defaultValue={identity?.displayName}
          required
        />
        <TextField
          name="address"
          type="email"
          label={t("identity.address")}
          hint={t("identity.addressHint")}
          defaultValue={identity?.address}
          required
        />
        <TextField
          name="replyTo"
          type="email"
          label={t("identity.replyTo")}
          hint={t("identity.replyToHint")}
          defaultValue={identity?.replyTo}
        />
        <FormActions>
          <SubmitButton>{t("saveIdentity")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
