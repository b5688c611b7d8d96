import { UserCog } from "lucide-react";
import { useTranslations } from "next-intl";
import type { UserRow } from "#lib/office/users/queries";
import { roles } from "#lib/office/users/schema";
import { ActionButton } from "#ui/action-button";
import { RadioGroup } from "#ui/choice-group";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { disable, enable, endSessions, resendInvitation, setRole } from "./actions";

/** What an administrator may do with one account, in one dialog. */
export function UserActs({ user, self }: { user: UserRow; self: boolean }) {
  const t = useTranslations("users");
  const choices = roles.map((role) => ({
    value: role,
    label: t(`roles.${role}`),
    hint: t(`roleHints.${role}`),
  }));
  return (
    <div className="flex justify-end gap-2 max-sm:justify-start max-sm:pt-2">
      <Dialog
        trigger={{ label: t("manage", { name: user.name }), icon: <UserCog aria-hidden />, iconOnly: true }}
        title={user.name}
        description={user.email}
      >
        <Form action={setRole} namespace="users" done={t("roleSaved")}>
          <input type="hidden" name="id" value={user.id} />
          <RadioGroup
            name="role"
            legend={t("fields.role")}
            choices={choices}
            defaultValue={user.role}
            cards
          />
          <FormActions>
            <SubmitButton>{t("saveRole")}</SubmitButton>
          </FormActions>
        </Form>
        <div className="flex flex-wrap gap-2 border-t border-line pt-4">
          <AccountActs user={user} self={self} />
        </div>
      </Dialog>
    </div>
  );
}

function AccountActs({ user, self }: { user: UserRow; self: boolean }) {
  const t = useTranslations("users");
  const fields = { id: user.id };
  if (user.disabledAt)
    return (
      <ActionButton action={enable} fields={fields} namespace="users" done={t("enabled")}>
        {t("enable")}
      </ActionButton>
    );
  return (
    <>
      {user.invited && (
        <ActionButton action={resendInvitation} fields={fields} namespace="users" done={t("invited")}>
          {t("resend")}
        </ActionButton>
      )}
      {user.sessions > 0 && (
        <ActionButton action={endSessions} fields={fields} namespace="users" done={t("sessionsEnded")}>
          {t("endSessions")}
        </ActionButton>
      )}
      {!self && (
        <ConfirmDialog
          trigger={{ label: t("disable"), variant: "danger" }}
          title={t("disableTitle", { name: user.name })}
          consequence={t("disableConsequence")}
          confirmLabel={t("disable")}
          action={disable}
          fields={fields}
          namespace="users"
          done={t("disabledDone")}
          tone="danger"
        />
      )}
    </>
  );
}
