"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import type { Group } from "./navigation";
import { PendingIcon } from "./pending";

/** The entries; the one we are in, or below, is marked, and never out of sight below the others. */
export function NavList({ groups, label, due }: { groups: Group[]; label: string; due: number }) {
  const t = useTranslations("app");
  const path = usePathname();
  const isHere = (href: string) =>
    href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
  const list = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where we are decides which entry is marked.
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [path]);
  return (
    <nav ref={list} aria-label={label} className="flex flex-col gap-4">
      {groups.map((group) => (
        <div key={group.entries[0]?.name}>
          {group.name && (
            <p className="mb-1 px-3 text-xs font-medium text-faint">{t(`groups.${group.name}`)}</p>
          )}
          <ul className="flex flex-col gap-0.5">
            {group.entries.map((entry) => (
              <li key={entry.name}>
                <Link
                  href={entry.href}
                  aria-current={isHere(entry.href) ? "page" : undefined}
                  className="flex min-h-9 items-center gap-3 rounded-field px-3 font-medium text-soft transition-colors hover:bg-sunken hover:text-ink aria-[current]:bg-brand-soft aria-[current]:text-brand-text pointer-coarse:min-h-11 [&_svg]:size-[1.125rem] [&_svg]:shrink-0"
                >
                  <PendingIcon>{entry.icon}</PendingIcon>
                  {t(`nav.${entry.name}`)}
                  {entry.name === "tasks" && due > 0 && (
                    <span className="nums ms-auto rounded-full bg-sunken px-2 text-xs leading-5 text-ink">
                      {due > 99 ? "99+" : due}
                      <span className="sr-only"> {t("tasksDue")}</span>
                    </span>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
