"use client";
import { Menu } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { DrawerButton } from "./drawer";
import type { Entry } from "./navigation";
import { PendingIcon } from "./pending";

const itemClass =
  "flex h-full min-h-14 w-full flex-col items-center gap-0.5 px-0.5 pt-1.5 pb-1 text-center text-[0.6875rem] leading-[1.15] font-medium text-faint min-[22rem]:whitespace-nowrap aria-[current]:text-brand-text [&_svg]:size-5";

/** Under the thumb on a phone: the four entries one needs most, and the rest. */
export function BottomBar({ entries }: { entries: Entry[] }) {
  const t = useTranslations("app");
  const path = usePathname();
  const isHere = (href: string) => (href === "/" ? path === "/" : path.startsWith(href));
  return (
    <nav
      aria-label={t("shortcuts")}
      className="no-print short:static fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface/95 pb-[env(safe-area-inset-bottom)] backdrop-blur sm:hidden"
    >
      <ul className="flex">
        {entries.map((entry) => (
          <li key={entry.name} className="min-w-0 flex-auto">
            <Link
              href={entry.href}
              aria-current={isHere(entry.href) ? "page" : undefined}
              className={itemClass}
            >
              <PendingIcon>{entry.icon}</PendingIcon>
              {t(`nav.${entry.name}`)}
            </Link>
          </li>
        ))}
        <li className="min-w-0 flex-auto">
          <DrawerButton className={itemClass}>
            <Menu aria-hidden />
            {t("menu")}
          </DrawerButton>
        </li>
      </ul>
    </nav>
  );
}
