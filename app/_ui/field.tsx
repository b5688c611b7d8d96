"use client";
import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { cx } from "./class";
import { useField } from "./form-context";

export type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** Given only when the error is not the surrounding form's. */
  error?: string;
  /** Keeps the label for screen readers only. */
  labelHidden?: boolean;
  className?: string;
};

/** The wiring every field shares: ids, the described-by list, the value typed before an error. */
export function useFieldWiring({
  name,
  id,
  error,
  hint,
}: {
  name?: string;
  id?: string;
  error?: string;
  hint?: ReactNode;
}) {
  const own = useId();
  const field = useField(name, error);
  const fieldId = id ?? own;
  const describedBy =
    [hint ? `${fieldId}-hint` : "", field.error ? `${fieldId}-error` : ""].filter(Boolean).join(" ") ||
    undefined;
  return {
    ...field,
    id: fieldId,
    aria: { "aria-describedby": describedBy, "aria-invalid": field.error ? (true as const) : undefined },
  };
}

export function FieldFrame(
  props: FieldProps & { id: string; message?: string; required?: boolean; children: ReactNode },
) {
  const { id, label, labelHidden, hint, message, required, className, children } = props;
  return (
    <div className={cx("flex min-w-0 flex-col gap-1.5", className)}>
      <label htmlFor={id} className={labelHidden ? "sr-only" : "text-sm font-medium text-ink"}>
        {label}
        {required && <RequiredMark />}
      </label>
      {children}
      {/* Below, so that neighbours in a row stay level. */}
      {hint && <Hint id={`${id}-hint`}>{hint}</Hint>}
      <FieldError id={`${id}-error`} message={message} />
    </div>
  );
}

export function RequiredMark() {
  return <span className="ms-1 font-normal text-faint">{useTranslations("ui")("requiredMark")}</span>;
}

export function Hint({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="text-[0.8125rem] leading-snug text-faint">
      {children}
    </p>
  );
}

export function FieldError({ id, message }: { id: string; message?: string }) {
  if (!message) return null;
  return (
    <p id={id} className="flex items-start gap-1.5 text-[0.8125rem] leading-snug font-medium text-bad">
      <CircleAlert aria-hidden className="mt-px size-4 shrink-0" />
      {message}
    </p>
  );
}
