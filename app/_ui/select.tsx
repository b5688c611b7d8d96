"use client";
import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { FieldFrame, type FieldProps, useFieldWiring } from "./field";

export type Option = {
  value: string;
  label: string;
  disabled?: boolean;
  /** Of a label that is not in the page’s language. */
  lang?: string;
};
type Props = FieldProps &
  Omit<ComponentProps<"select">, keyof FieldProps | "children"> & {
    options: readonly Option[];
    /** Shown first, with an empty value. */
    placeholder?: string;
  };

/** The browser's own list: the best one on a phone, and it works before hydration. */
export function Select({
  label,
  hint,
  error,
  labelHidden,
  className,
  defaultValue,
  options,
  placeholder,
  ...select
}: Props) {
  const wiring = useFieldWiring({ name: select.name, id: select.id, error, hint });
  const start = select.value === undefined ? { defaultValue: wiring.typed ?? defaultValue ?? "" } : {};
  return (
    <FieldFrame
      {...{ label, hint, labelHidden, className, required: select.required }}
      id={wiring.id}
      message={wiring.error}
    >
      <div className="relative">
        <select
          {...select}
          {...start}
          {...wiring.aria}
          id={wiring.id}
          className="field-box appearance-none pe-9"
        >
          {placeholder !== undefined && <option value="">{placeholder}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled} lang={option.lang}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute end-3 top-1/2 size-4 -translate-y-1/2 text-faint"
        />
      </div>
    </FieldFrame>
  );
}
