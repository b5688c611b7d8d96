import { useTranslations } from "next-intl";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { fileCopy } from "../actions";
import { useReasonText, VerdictDetails } from "../verdict";
import { Overturn } from "./decide";
import type { Mail } from "./mail";
import { OtherAddresses } from "./other-addresses";

/** What follows from this mail, in a sentence or a verdict; what waits says so above. */
export function Meaning({ mail, mayHandle }: { mail: Mail; mayHandle: boolean }) {
  const t = useTranslations("received");
  const undone = mail.proposal !== null && mail.decision !== "accepted";
  if (mail.class === "complaint") return undone ? null : <Alert tone="bad">{t("complaintText")}</Alert>;
  if (mail.class === "unsubscribe") return undone ? null : <Alert tone="good">{t("unsubscribeText")}</Alert>;
  if (mail.class === "copy")
    return (
      <Alert
        tone={mail.handledAt ? "info" : "warn"}
        actions={
          !mail.handledAt &&
          mayHandle && (
            <ActionButton
              action={fileCopy}
              fields={{ id: mail.id }}
              namespace="received"
              done={t("copyFiled")}
              size="sm"
            >
              {t("fileCopy")}
            </ActionButton>
          )
        }
      >
        {mail.handledAt ? t("copyText") : t("copyUnproven")}
      </Alert>
    );
  if (mail.class === "auto-reply") return <Alert tone="info">{t("autoText")}</Alert>;
  if (mail.class !== "bounce" || mail.bounces.length === 0) return null;
  return (
    <Card title={t("verdictTitle")}>
      <div className="flex flex-col gap-6">
        {mail.bounces.map((bounce) => (
          <Judged key={bounce.id} mail={mail} bounce={bounce} mayHandle={mayHandle} />
        ))}
      </div>
    </Card>
  );
}

/** « Jeanne Arrieu : cette adresse n’existe pas », the proof, and what one does about it. */
function Judged({
  mail,
  bounce,
  mayHandle,
}: {
  mail: Mail;
  bounce: Mail["bounces"][number];
  mayHandle: boolean;
}) {
  const t = useTranslations("received");
  const reasonText = useReasonText();
  const { contact, delivery } = mail;
  const isOurs = bounce.proof !== "none";
  const person = contact && `${contact.firstName} ${contact.lastName}`.trim();
  const who = (isOurs && person) || bounce.recipient || delivery?.address || t("noContact");
  return (
    <div className="flex flex-col gap-3">
      <p className="text-lg font-medium">{t("sentence", { who, reason: reasonText(bounce.reason) })}</p>
      {!isOurs && <p className="text-sm text-soft">{t("unheld")}</p>}
      {bounce.overturnedAt && (
        <p className="text-sm text-soft">{t("overturnedWhy", { why: bounce.overturnedWhy })}</p>
      )}
      {mayHandle && isOurs && !bounce.overturnedAt && (
        <div className="flex flex-wrap gap-2">
          {contact && <OtherAddresses contact={contact} failed={delivery?.address ?? bounce.recipient} />}
          <Overturn id={bounce.id} />
        </div>
      )}
      <VerdictDetails bounce={bounce} />
    </div>
  );
}
