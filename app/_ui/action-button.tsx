"use client";
import type { ButtonProps } from "./button";
import { Form, type FormAction, SubmitButton } from "./form";

type Props = Omit<ButtonProps, "type" | "form" | "action"> & {
  action: FormAction;
  fields?: Record<string, string | number>;
  namespace?: string;
  done?: string;
};

/** One button that acts at once: a form with hidden inputs. For anything that hurts, use ConfirmDialog. */
export function ActionButton({
  action,
  fields = {},
  namespace,
  done,
  variant = "secondary",
  ...button
}: Props) {
  return (
    <Form action={action} namespace={namespace} done={done} className="contents">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton variant={variant} {...button} />
    </Form>
  );
}
