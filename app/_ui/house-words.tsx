import { useLocale } from "next-intl";
import type { ReactNode } from "react";

/** What the department wrote in its own language (a newsletter’s name, an address): said so on a page in another one. */
export function HouseWords({ children }: { children: ReactNode }) {
  const lang = houseLang(useLocale());
  return lang ? <span lang={lang}>{children}</span> : children;
}

/** The same where a text alone is taken (an `<option>`): its `lang`, none on a page in the department’s language. */
export const houseLang = (locale: string) => (locale === "fr" ? undefined : "fr");
