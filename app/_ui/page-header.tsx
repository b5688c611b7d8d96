import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Fragment, type ReactNode } from "react";
import { Address } from "./address";

export type Crumb = { label: string; href: string };
type Props = {
  /** Also the document's title. */
  title: string;
  breadcrumbs?: readonly Crumb[];
  /** A badge or so, beside the title. */
  aside?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
};

/** The top of a page: where we are, what it is called, what can be done. */
export function PageHeader({ title, breadcrumbs, aside, lead, actions }: Props) {
  const t = useTranslations("ui");
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
      <title>{`${title} · ${t("productName")}`}</title>
      <div className="min-w-0">
        {breadcrumbs && breadcrumbs.length > 0 && (
          <nav aria-label={t("breadcrumbs")} className="mb-1.5">
            <ol className="flex flex-wrap items-center gap-1 text-sm text-faint">
              {breadcrumbs.map((crumb, i) => (
                <Fragment key={crumb.href}>
                  {i > 0 && <ChevronRight aria-hidden className="size-3.5" />}
                  <li>
                    <Link href={crumb.href} className="rounded py-1 hover:text-ink hover:underline">
                      {crumb.label}
                    </Link>
                  </li>
                </Fragment>
              ))}
            </ol>
          </nav>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 font-display text-[1.75rem] leading-tight font-semibold tracking-[-0.015em] [overflow-wrap:anywhere]">
            {title.includes("@") ? <Address>{title}</Address> : title}
          </h1>
          {aside}
        </div>
        {lead && <p className="mt-1.5 max-w-2xl text-soft">{lead}</p>}
      </div>
      {actions && <div className="no-print flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
