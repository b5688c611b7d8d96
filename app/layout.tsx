import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/bricolage-grotesque/wght.css";
import "./globals.css";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { brandVariables } from "#lib/department/settings/rules";
import { chosenTheme } from "#lib/gates/session";
import { ToastProvider } from "#ui/toast";
import { Sentences } from "./_shell/sentences";
import { shell } from "./shell";

export const viewport = { width: "device-width", initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, theme, t] = [await getLocale(), await chosenTheme(), await getTranslations("app")];
  const { primaryColor, accentColor } = await shell();
  return (
    <html
      lang={locale}
      data-theme={theme === "system" ? undefined : theme}
      style={brandVariables(primaryColor, accentColor)}
    >
      <body>
        <a
          href="#contenu"
          className="sr-only z-50 rounded-field bg-brand px-4 py-2 font-medium text-on-brand focus:not-sr-only focus:fixed focus:start-4 focus:top-4"
        >
          {t("skip")}
        </a>
        <Sentences>
          <ToastProvider>{children}</ToastProvider>
        </Sentences>
      </body>
    </html>
  );
}
