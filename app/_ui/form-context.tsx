"use client";
import { useTranslations } from "next-intl";
import { createContext, use } from "react";

/** What a form tells its fields: keys of field errors, and what was typed when the page came back without JavaScript. */
export type FormState = {
  namespace?: string;
  fields: Record<string, string>;
  values: Record<string, string>;
  pending: boolean;
};

export const FormContext = createContext<FormState>({ fields: {}, values: {}, pending: false });

type Loose = { (key: string, params?: Record<string, string | number>): string; has(key: string): boolean };

/** Finds the sentence of a reason: the noun’s own (`<namespace>.errors`), then the common one; a full key works too. */
export function useReason(namespace?: string) {
  const t = useTranslations() as unknown as Loose;
  return (reason: string, params?: Record<string, string | number>): string => {
    const candidates = [`${namespace}.errors.${reason}`, `errors.${reason}`, reason];
    const key = candidates.find((candidate) => t.has(candidate)) ?? "errors.unknown";
    return t(key, params);
  };
}

/** The sentence to show at one field, and the value to start from. */
export function useField(name: string | undefined, error?: string) {
  const form = use(FormContext);
  const reason = useReason(form.namespace);
  const key = name ? form.fields[name.replace(/\[\]$/, "")] : undefined;
  return { error: error ?? (key ? reason(key) : undefined), typed: name ? form.values[name] : undefined };
}
