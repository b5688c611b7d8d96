import { PenLine, Star } from "lucide-react";
import { useTranslations } from "next-intl";
import { ActionButton } from "#ui/action-button";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { correctAddress, makePrimary } from "../../contacts/actions";

type Known = { id: number; address: string; isPrimary: boolean; standing: string };

/** What one does about an address that failed: correct it, or write to another one of the same person. */
export function OtherAddresses({ contact, failed }: { contact: { addresses: Known[] }; failed: string }) {
  const t = useTranslations("received");
  // Once corrected, the one in its place: the form stays, and says that it has saved.
  const wrong =
    contact.addresses.find((one) => one.address.toLowerCase() === failed.toLowerCase()) ??
    contact.addresses.find((one) => one.isPrimary);
  const others = contact.addresses.filter(
    (one) => one !== wrong && !one.isPrimary && one.standing !== "hard" && one.standing !== "complaint",
  );
  return (
    <>
      {wrong && <Correct wrong={wrong} />}
      {others.map(({ id, address }) => (
        <ActionButton
          key={id}
          action={makePrimary}
          fields={{ id }}
          namespace="contacts"
          done={t("usesOther", { address })}
          size="sm"
          icon={<Star aria-hidden />}
        >
          {t("useOther", { address })}
        </ActionButton>
      ))}
    </>
  );
}

function Correct({ wrong }: { wrong: Known }) {
  const t = useTranslations("received");
  return (
    <Dialog
      trigger={{ label: t("edit"), size: "sm", icon: <PenLine aria-hidden /> }}
      title={t("edit")}
      description={t("editText")}
    >
      <Form action={correctAddress} namespace="contacts" done={t("edited")}>
        <input type="hidden" name="id" value={wrong.id} />
        <TextField
          name="email"
          type="email"
          label={t("newAddress")}
          defaultValue={wrong.address}
          maxLength={254}
          required
        />
        <FormActions>
          <SubmitButton>{t("edit")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
