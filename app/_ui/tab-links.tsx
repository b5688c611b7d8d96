import Link from "next/link";
import type { ReactNode } from "react";
import { cx } from "./class";

export type TabLink = { href: string; label: ReactNode; count?: ReactNode; current?: boolean };

/** Views of one noun, each with its address. */
export function TabLinks({ label, links }: { label: string; links: readonly TabLink[] }) {
  return (
    <nav aria-label={label} className="no-print mb-5 overflow-x-auto border-b border-line">
      <ul className="flex gap-5">
        {links.map((link) => (
          <li key={link.href}>
            <Link
              href={link.href}
              scroll={false}
              aria-current={link.current ? "page" : undefined}
              className={cx(
                "relative flex min-h-10 items-center gap-2 px-1 font-medium whitespace-nowrap transition-colors pointer-coarse:min-h-11",
                link.current
                  ? "text-ink after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full after:bg-brand-text"
                  : "text-faint hover:text-ink",
              )}
            >
              {link.label}
              {link.count !== undefined && (
                <span className="nums rounded-full bg-sunken px-2 text-xs leading-5 text-soft">
                  {link.count}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
