import { MailPlus, Star, Trash2 } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import type { ContactDetail, listStops } from "#lib/people/contacts/queries";
import { ActionButton } from "#ui/action-button";
import { Address } from "#ui/address";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { HouseWords } from "#ui/house-words";
import { TextField } from "#ui/text-field";
import { addAddress, makePrimary, removeAddress } from "../actions";

type Row = ContactDetail["addresses"][number];
type Stop = Awaited<ReturnType<typeof listStops>>[number];

export function Addresses({
  contact,
  stops,
  mayWrite,
  edits,
}: {
  contact: ContactDetail;
  stops: Stop[];
  /** Why a letter, and why an answer, may not be written; null: it may. */
  mayWrite: (string | null)[];
  edits: boolean;
}) {
  const t = useTranslations("contacts");
  return (
    <Card title={t("addresses.title")} actions={edits && <AddAddress contactId={contact.id} />}>
      {contact.addresses.length === 0 && <p className="text-soft">{t("addresses.none")}</p>}
      <ul className="flex flex-col gap-4">
        {contact.addresses.map((address) => (
          <li key={address.id} className="flex flex-col gap-1.5">
            <div className="flex items-start justify-between gap-x-3">
              <span className="min-w-0 font-medium">
                <Address>{address.address}</Address>
              </span>
              {edits && <Acts address={address} />}
            </div>
            <Standing address={address} />
            {stops
              .filter((stop) => stop.addressId === address.id)
              .map((stop) => (
                <StopLine key={`${stop.reason}${stop.topic}`} stop={stop} />
              ))}
          </li>
        ))}
      </ul>
      <MayWrite reasons={mayWrite} />
    </Card>
  );
}

/** What may be written by hand, by the rule that the engine obeys. */
function MayWrite({ reasons: [letter = null, answer = null] }: { reasons: (string | null)[] }) {
  const t = useTranslations("contacts.mayWrite");
  const why = (reason: string) => (t.has(reason as "complaint") ? t(reason as "complaint") : reason);
  const [line, tone] =
    answer !== null
      ? [t("never", { why: why(answer) }), "text-bad"]
      : letter !== null
        ? [t("answers", { why: why(letter) }), "text-soft"]
        : [t("letters"), "text-soft"];
  return <p className={`mt-4 border-t border-line pt-3 text-sm ${tone}`}>{line}</p>;
}

function Standing({ address }: { address: Row }) {
  const t = useTranslations("contacts");
  const tone = { ok: "good", soft: "warn", hard: "bad", complaint: "bad" } as const;
  return (
    <p className="flex flex-wrap gap-2">
      {address.isPrimary && <Badge tone="brand">{t("addresses.primary")}</Badge>}
      <Badge tone={tone[address.standing]} dot>
        {t(`addresses.standing.${address.standing}`)}
      </Badge>
    </p>
  );
}

function StopLine({ stop }: { stop: Stop }) {
  const t = useTranslations("contacts");
  const locale = useLocale();
  const reason = t.has(`stops.reasons.${stop.reason}` as "stops.reasons.manual")
    ? t(`stops.reasons.${stop.reason}` as "stops.reasons.manual")
    : stop.reason;
  return (
    <p className="text-sm text-bad">
      {t.rich("stops.line", {
        reason,
        scope: () => (stop.topic === null ? t("stops.all") : <HouseWords>{stop.topic}</HouseWords>),
        date: formatDate(stop.at, locale),
      })}
    </p>
  );
}

function Acts({ address }: { address: Row }) {
  const t = useTranslations("contacts");
  const fields = { id: address.id };
  return (
    <div className="flex gap-1">
      {!address.isPrimary && (
        <ActionButton
          action={makePrimary}
          fields={fields}
          namespace="contacts"
          done={t("addresses.madePrimary")}
          size="sm"
          variant="ghost"
          icon={<Star aria-hidden />}
        >
          {t("addresses.makePrimary")}
        </ActionButton>
      )}
      <ConfirmDialog
        trigger={{
          label: t("addresses.remove"),
          icon: <Trash2 aria-hidden />,
          variant: "ghost",
          size: "sm",
          iconOnly: true,
        }}
        title={t.rich("addresses.removeTitle", { who: () => <Address>{address.address}</Address> })}
        consequence={t("addresses.removeText")}
        confirmLabel={t("addresses.remove")}
        action={removeAddress}
        fields={fields}
        namespace="contacts"
        done={t("addresses.removed")}
        tone="danger"
      />
    </div>
  );
}

function AddAddress({ contactId }: { contactId: number }) {
  const t = useTranslations("contacts");
  return (
    <Dialog
      trigger={{
        label: t("addresses.add"),
        icon: <MailPlus aria-hidden />,
        size: "sm",
        variant: "ghost",
        iconOnly: true,
      }}
      title={t("addresses.add")}
    >
      <Form action={addAddress} namespace="contacts" done={t("addresses.added")} resets>
        <input type="hidden" name="contactId" value={contactId} />
        <TextField name="email" type="email" label={t("fields.email")} required autoComplete="off" />
        <FormActions>
          <SubmitButton>{t("addresses.add")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
