import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { chosenTheme } from "#lib/gates/session";
import { Brand } from "../_shell/brand";
import { LanguageChoice, ThemeChoice } from "../_shell/choices";
import { Sentences } from "../_shell/sentences";
import { shell as readShell } from "../shell";

/** Pages without a session: the department's mark, one column, nothing else to press. */
export default async function PublicLayout({ children }: { children: ReactNode }) {
  const [theme, shell, t] = [await chosenTheme(), await readShell(), await getTranslations("app")];
  return (
    <Sentences of={["app", "unsubscribe.errors", "users.errors"]}>
      <div className="flex min-h-dvh flex-col bg-[radial-gradient(60rem_32rem_at_50%_-12rem,color-mix(in_oklch,var(--brand-text)_14%,transparent),transparent)]">
        <header className="mx-auto flex w-full max-w-5xl items-center px-4 py-5 sm:px-8">
          <Brand shell={shell} />
        </header>
        <main
          id="contenu"
          tabIndex={-1}
          className="flex flex-1 flex-col items-center px-4 pt-6 pb-16 outline-none sm:pt-14"
        >
          {children}
        </main>
        <footer className="no-print mx-auto flex w-full max-w-5xl flex-wrap items-center justify-center gap-x-5 gap-y-3 px-4 pb-6 sm:px-8">
          <ThemeChoice theme={theme} />
          <LanguageChoice />
          <FooterLink href="/confidentialite">{t("privacy")}</FooterLink>
          <FooterLink href="/mentions-legales">{t("legalNotice")}</FooterLink>
          <FooterLink href="/accessibilite">{t("accessibility")}</FooterLink>
        </footer>
      </div>
    </Sentences>
  );
}

function FooterLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="inline-flex min-h-8 items-center rounded text-[0.8125rem] text-soft underline underline-offset-3 hover:text-ink pointer-coarse:min-h-11"
    >
      {children}
    </Link>
  );
}
