"use client";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class";
import { FieldError, Hint, useFieldWiring } from "./field";

type Props = Omit<ComponentProps<"input">, "type" | "children"> & {
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  labelHidden?: boolean;
};

export const checkboxClass = "size-[1.125rem] shrink-0 rounded accent-(--brand)";

export function Checkbox({ label, hint, error, labelHidden, className, ...input }: Props) {
  const wiring = useFieldWiring({ name: input.name, id: input.id, error, hint });
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={wiring.id} className="flex min-h-8 items-center gap-2.5 pointer-coarse:min-h-11">
        <input {...input} {...wiring.aria} type="checkbox" id={wiring.id} className={checkboxClass} />
        <span className={labelHidden ? "sr-only" : ""}>{label}</span>
      </label>
      {hint && <Hint id={`${wiring.id}-hint`}>{hint}</Hint>}
      <FieldError id={`${wiring.id}-error`} message={wiring.error} />
    </div>
  );
}

/** The same, for something that takes effect: on or off. */
export function Switch({ label, hint, error, className, ...input }: Props) {
  const wiring = useFieldWiring({ name: input.name, id: input.id, error, hint });
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={wiring.id} className="flex min-h-8 items-center gap-3 pointer-coarse:min-h-11">
        <input {...input} {...wiring.aria} type="checkbox" id={wiring.id} className="peer sr-only" />
        <span
          aria-hidden
          className="relative h-6 w-10 shrink-0 rounded-full bg-edge transition-colors peer-checked:bg-brand peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-brand-text peer-checked:[&>span]:translate-x-4"
        >
          <span className="absolute start-1 top-1 size-4 rounded-full bg-white shadow transition-transform" />
        </span>
        <span>{label}</span>
      </label>
      {hint && <Hint id={`${wiring.id}-hint`}>{hint}</Hint>}
      <FieldError id={`${wiring.id}-error`} message={wiring.error} />
    </div>
  );
}
