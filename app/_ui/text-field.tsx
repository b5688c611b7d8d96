"use client";
import type { ComponentProps } from "react";
import { cx } from "./class";
import { FieldFrame, type FieldProps, useFieldWiring } from "./field";

type InputProps = FieldProps & Omit<ComponentProps<"input">, keyof FieldProps>;
type AreaProps = FieldProps & Omit<ComponentProps<"textarea">, keyof FieldProps>;

/** One line of text; `type` email, password, url, tel, number, date, search… */
export function TextField({
  label,
  hint,
  error,
  labelHidden,
  className,
  defaultValue,
  ...input
}: InputProps) {
  const wiring = useFieldWiring({ name: input.name, id: input.id, error, hint });
  const start = input.value === undefined ? { defaultValue: wiring.typed ?? defaultValue } : {};
  return (
    <FieldFrame
      {...{ label, hint, labelHidden, className, required: input.required }}
      id={wiring.id}
      message={wiring.error}
    >
      <input type="text" {...input} {...start} {...wiring.aria} id={wiring.id} className="field-box" />
    </FieldFrame>
  );
}

export function TextArea({ label, hint, error, labelHidden, className, defaultValue, ...area }: AreaProps) {
  const wiring = useFieldWiring({ name: area.name, id: area.id, error, hint });
  const start = area.value === undefined ? { defaultValue: wiring.typed ?? defaultValue } : {};
  return (
    <FieldFrame
      {...{ label, hint, labelHidden, className, required: area.required }}
      id={wiring.id}
      message={wiring.error}
    >
      <textarea
        rows={4}
        {...area}
        {...start}
        {...wiring.aria}
        id={wiring.id}
        className={cx("field-box field-sizing-content min-h-24 py-2")}
      />
    </FieldFrame>
  );
}

/** A calendar date and time of day, Europe/Paris on the server: the value is « 2026-11-23T18:30 ». */
export function DateTimeField(props: InputProps) {
  return <TextField type="datetime-local" {...props} />;
}
