"use client";
import type { ReactNode } from "react";
import { checkboxClass } from "./checkbox";
import { cx } from "./class";
import { FieldError, Hint, RequiredMark, useFieldWiring } from "./field";

export type Choice = { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean };
type Shared = {
  name: string;
  legend: ReactNode;
  choices: readonly Choice[];
  hint?: ReactNode;
  error?: string;
  required?: boolean;
  legendHidden?: boolean;
  /** Cards with a border, for a few choices that deserve an explanation. */
  cards?: boolean;
  className?: string;
};

export function RadioGroup({ defaultValue, ...group }: Shared & { defaultValue?: string }) {
  return <Group {...group} type="radio" chosen={defaultValue === undefined ? [] : [defaultValue]} />;
}

/** Several values under one name; the action receives an array when `name` ends in []. */
export function CheckboxGroup({
  defaultValue = [],
  ...group
}: Shared & { defaultValue?: readonly string[] }) {
  return <Group {...group} type="checkbox" chosen={defaultValue} />;
}

function Group(props: Shared & { type: "radio" | "checkbox"; chosen: readonly string[] }) {
  const { name, legend, choices, hint, error, required, legendHidden, cards, className, type, chosen } =
    props;
  const wiring = useFieldWiring({ name, error, hint });
  return (
    <fieldset
      className={cx("flex min-w-0 flex-col gap-1.5", className)}
      aria-describedby={wiring.aria["aria-describedby"]}
    >
      <legend className={legendHidden ? "sr-only" : "mb-1.5 text-sm font-medium"}>
        {legend}
        {required && <RequiredMark />}
      </legend>
      {hint && <Hint id={`${wiring.id}-hint`}>{hint}</Hint>}
      <div className={cards ? "grid gap-2 sm:grid-cols-2" : "flex flex-wrap gap-x-5 gap-y-1"}>
        {choices.map((choice) => (
          <label
            key={choice.value}
            className={cx(
              "flex min-h-8 gap-2.5 pointer-coarse:min-h-11",
              cards
                ? "items-start rounded-field border border-line bg-surface p-3 hover:border-edge has-checked:border-brand-text has-checked:bg-brand-soft"
                : "items-center",
            )}
          >
            <input
              type={type}
              name={name}
              value={choice.value}
              disabled={choice.disabled}
              required={type === "radio" && required}
              defaultChecked={(type === "radio" && wiring.typed ? [wiring.typed] : chosen).includes(
                choice.value,
              )}
              className={cx(checkboxClass, cards && "mt-0.5")}
            />
            <span>
              {choice.label}
              {choice.hint && (
                <span className="block text-[0.8125rem] leading-snug text-faint">{choice.hint}</span>
              )}
            </span>
          </label>
        ))}
      </div>
      <FieldError id={`${wiring.id}-error`} message={wiring.error} />
    </fieldset>
  );
}
