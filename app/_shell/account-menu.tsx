"use client";
import { ChevronsUpDown, LogOut, UserRound } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useId } from "react";
import type { Role } from "#db/enums";
import type { Theme } from "#lib/gates/session";
import { ActionButton } from "#ui/action-button";
import { Avatar } from "#ui/avatar";
import { signOut } from "../(staff)/account/actions";
import { LanguageChoice, ThemeChoice } from "./choices";

type Props = { user: { name: string; email: string; role: Role }; theme: Theme };

/** Who is signed in, and what they may choose. The popover is the browser's own: it opens before hydration. */
export function AccountMenu({ user, theme }: Props) {
  const t = useTranslations("app");
  const roles = useTranslations("users.roles");
  const id = useId();
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        className="flex min-h-12 w-full items-center gap-3 rounded-field px-2 text-start transition-colors hover:bg-sunken"
      >
        <Avatar name={user.name} />
        <span className="min-w-0 flex-1 leading-tight">
          <span className="block truncate text-sm font-medium">{user.name}</span>
          <span className="block truncate text-xs text-faint">{roles(user.role)}</span>
        </span>
        <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-faint" />
      </button>
      <div
        id={id}
        popover="auto"
        className="inset-auto start-3 bottom-18 m-0 w-76 max-w-[calc(100vw-1.5rem)] rounded-card border border-line bg-raised p-3 text-ink shadow-pop open:flex open:flex-col open:gap-3"
      >
        <p className="truncate px-1 text-sm text-faint">{user.email}</p>
        <ThemeChoice theme={theme} />
        <LanguageChoice />
        <div className="flex flex-col gap-1 border-t border-line pt-2">
          <Link
            href="/account"
            className="flex min-h-9 items-center gap-3 rounded-field px-3 text-sm font-medium text-soft hover:bg-sunken hover:text-ink pointer-coarse:min-h-11"
          >
            <UserRound aria-hidden className="size-4" />
            {t("account")}
          </Link>
          <ActionButton
            action={signOut}
            variant="ghost"
            icon={<LogOut aria-hidden />}
            size="sm"
            className="justify-start gap-3 min-h-9"
          >
            {t("signOut")}
          </ActionButton>
        </div>
      </div>
    </>
  );
}
