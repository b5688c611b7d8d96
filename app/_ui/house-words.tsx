import { useLocale } from "next-intl";
import type { ReactNode } from "react";

/** What the department wrote in its own language (a newsletter’s name, an address): said so on a page in another one. */
export function HouseWords({ children }: { children: ReactNode }) {
  return useLocale() === "fr" ? children : <span lang="fr">{children}</span>;
}
