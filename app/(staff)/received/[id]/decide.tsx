import { useTranslations } from "next-intl";
import { proposals } from "#lib/returns/received/proposal";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { LinkButton } from "#ui/link-button";
import { TextField } from "#ui/text-field";
import { decide, handle, overturn } from "../actions";

type Mail = {
  id: number;
  proposal: string | null;
  proposedAddress: string;
  handledAt: Date | null;
  contact: { id: number } | null;
};

/** What this mail could do and did not, for want of proof: one click decides. */
export function Waiting({ mail, mayHandle }: { mail: Mail; mayHandle: boolean }) {
  const t = useTranslations("received");
  const kind = proposals.find((one) => one === mail.proposal);
  if (!kind || mail.handledAt) return null;
  const acts = kind === "bounce" || kind === "complaint" || kind === "leave";
  const button = { namespace: "received", done: t("decided"), size: "sm" } as const;
  return (
    <Alert
      tone="warn"
      title={t(`decide.${kind}`)}
      actions={
        mayHandle && (
          <>
            {acts && (
              <ActionButton {...button} action={decide} fields={{ id: mail.id, accepted: "yes" }}>
                {t("yes")}
              </ActionButton>
            )}
            {acts ? (
              <ActionButton {...button} action={decide} fields={{ id: mail.id, accepted: "no" }}>
                {t("no")}
              </ActionButton>
            ) : (
              <ActionButton {...button} action={handle} fields={{ id: mail.id }}>
                {t("archive")}
              </ActionButton>
            )}
            {!acts && mail.contact && (
              <LinkButton href={`/contacts/${mail.contact.id}`} size="sm">
                {t("edit")}
              </LinkButton>
            )}
          </>
        )
      }
    >
      {mail.proposedAddress && t("given", { address: mail.proposedAddress })}
    </Alert>
  );
}

/** « C’est une erreur », with the reason: the journal keeps who and when. */
export function Overturn({ id }: { id: number }) {
  const t = useTranslations("received");
  return (
    <Dialog
      trigger={{ label: t("overturn"), size: "sm" }}
      title={t("overturn")}
      description={t("overturnText")}
    >
      <Form action={overturn} namespace="received" done={t("overturned")}>
        <input type="hidden" name="id" value={id} />
        <TextField name="why" label={t("overturnWhy")} maxLength={300} required />
        <FormActions>
          <SubmitButton>{t("overturn")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
