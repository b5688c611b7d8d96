"use client";
import { useRouter } from "next/navigation";
import { useLocale } from "next-intl";
import type { ReactNode } from "react";
import { I18nProvider, RouterProvider } from "react-aria-components";
import { ToastProvider } from "#ui/toast";

/** What the client components of every page stand on. */
export function Providers({ children }: { children: ReactNode }) {
  const router = useRouter();
  const locale = useLocale();
  return (
    <I18nProvider locale={locale === "en" ? "en-GB" : "fr-FR"}>
      <RouterProvider navigate={(href) => router.push(href)}>
        <ToastProvider>{children}</ToastProvider>
      </RouterProvider>
    </I18nProvider>
  );
}
