import { ArrowUpRight } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { helpPages } from "#lib/office/help/pages";
import { Alert } from "#ui/alert";
import { PageHeader } from "#ui/page-header";

export default async function HelpPage() {
  await gate("help.read", "/help");
  const t = await getTranslations("help");
  const entries = [
    ...helpPages.map((page) => ({
      href: `/help/${page}`,
      title: t(`pages.${page}.title`),
      text: t(`pages.${page}.summary`),
    })),
    { href: "/help/roles", title: t("rolesTitle"), text: t("rolesSummary") },
  ];
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {entries.map((entry) => (
          <li key={entry.href}>
            <Link
              href={entry.href}
              className="group flex h-full flex-col gap-1 rounded-card border border-line bg-surface p-5 shadow-card transition-colors hover:border-edge"
            >
              <span className="flex items-start justify-between gap-3 font-display text-lg leading-snug font-semibold">
                {entry.title}
                <ArrowUpRight
                  aria-hidden
                  className="mt-0.5 size-5 shrink-0 text-faint transition-transform group-hover:translate-x-0.5 group-hover:-translate-y-0.5"
                />
              </span>
              <span className="text-soft">{entry.text}</span>
            </Link>
          </li>
        ))}
      </ul>
      <Alert className="mt-6" tone="neutral">
        {t("shortcuts")}
      </Alert>
    </>
  );
}
