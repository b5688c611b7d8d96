import { useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import type { SubscriptionRow } from "#lib/people/contacts/queries";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { HouseWords } from "#ui/house-words";
import { TextField } from "#ui/text-field";
import { subscribe } from "../actions";

type Props = { contactId: number; subscriptions: SubscriptionRow[]; edits: boolean };

export function Subscriptions({ contactId, subscriptions, edits }: Props) {
  const t = useTranslations("contacts");
  return (
    <Card title={t("subscriptions.title")}>
      <ul className="flex flex-col gap-4">
        {subscriptions.map((row) => (
          <li key={row.topicId} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <div className="min-w-0">
              <p className="font-medium">
                <HouseWords>{row.name}</HouseWords>
              </p>
              <Standing row={row} />
            </div>
            {edits && <Change contactId={contactId} row={row} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const stands = (row: SubscriptionRow) => row.subscribedAt !== null && row.unsubscribedAt === null;

function Standing({ row }: { row: SubscriptionRow }) {
  const t = useTranslations("contacts");
  const locale = useLocale();
  const date = (at: Date) => formatDate(at, locale);
  const opposed = row.reason === "complaint" || row.reason === "suppressed";
  if (opposed || (row.reason === "unsubscribed" && !row.unsubscribedAt))
    return <p className="text-sm text-bad">{t("subscriptions.stopped")}</p>;
  if (row.unsubscribedAt)
    return (
      <p className="text-sm text-faint">{t("subscriptions.until", { date: date(row.unsubscribedAt) })}</p>
    );
  if (row.subscribedAt)
    return <p className="text-sm text-good">{t("subscriptions.since", { date: date(row.subscribedAt) })}</p>;
  return <p className="text-sm text-faint">{t("subscriptions.never")}</p>;
}

function Change({ contactId, row }: { contactId: number; row: SubscriptionRow }) {
  const t = useTranslations("contacts");
  const ends = stands(row);
  const label = ends ? t("subscriptions.unsubscribe") : t("subscriptions.subscribe");
  const title = t.rich(ends ? "subscriptions.unsubscribeFrom" : "subscriptions.subscribeTo", {
    name: row.name,
    topic: (chunks) => <HouseWords>{chunks}</HouseWords>,
  });
  return (
    <ConfirmDialog
      trigger={{ label, size: "sm" }}
      title={title}
      consequence={ends ? t("subscriptions.unsubscribeText") : t("subscriptions.subscribeText")}
      confirmLabel={label}
      action={subscribe}
      fields={{ contactId, topicId: row.topicId, subscribed: String(!ends) }}
      namespace="contacts"
      done={t("subscriptions.done")}
    >
      <TextField
        name="proof"
        label={t("subscriptions.proof")}
        hint={t("subscriptions.proofHint")}
        required={!ends}
        autoComplete="off"
      />
    </ConfirmDialog>
  );
}
