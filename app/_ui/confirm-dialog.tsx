"use client";
import type { ReactNode } from "react";
import { Dialog, type Trigger } from "./dialog";
import { Form, type FormAction, FormActions, SubmitButton } from "./form";

type Props = {
  trigger: Trigger;
  title: ReactNode;
  /** What will happen, in a sentence: « 982 personnes recevront ce message. » */
  consequence: ReactNode;
  confirmLabel: string;
  /** Where « Annuler » could be read as the act itself. */
  keepLabel?: string;
  action: FormAction;
  /** Hidden inputs sent with the confirmation. */
  fields?: Record<string, string | number>;
  namespace?: string;
  done?: string;
  tone?: "primary" | "danger";
  /** Further fields to fill in. */
  children?: ReactNode;
};

/** Asks before an act that cannot be taken back lightly, and says what it does. */
export function ConfirmDialog(props: Props) {
  const {
    trigger,
    title,
    consequence,
    confirmLabel,
    keepLabel,
    action,
    fields = {},
    namespace,
    done,
    tone = "primary",
    children,
  } = props;
  return (
    <Dialog trigger={trigger} title={title} description={consequence}>
      <Form action={action} namespace={namespace} done={done}>
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {children}
        <FormActions closeLabel={keepLabel}>
          <SubmitButton variant={tone}>{confirmLabel}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
