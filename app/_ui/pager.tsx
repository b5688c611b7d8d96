import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { LinkButton } from "./link-button";

type Props = {
  /** Absent at either end. */
  previousHref?: string | null;
  nextHref?: string | null;
  /** « 1 200 contacts », already in words. */
  summary?: ReactNode;
};

/** Keyset pages know their neighbours, not their number. */
export function Pager({ previousHref, nextHref, summary }: Props) {
  const t = useTranslations("ui");
  if (!previousHref && !nextHref && !summary) return null;
  return (
    <nav
      aria-label={t("pages")}
      className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-5 py-3 text-sm text-faint"
    >
      <p className="nums">{summary}</p>
      {(previousHref || nextHref) && (
        <div className="flex gap-2">
          {previousHref && (
            <LinkButton href={previousHref} size="sm" rel="prev" icon={<ChevronLeft aria-hidden />}>
              {t("previous")}
            </LinkButton>
          )}
          {nextHref && (
            <LinkButton href={nextHref} size="sm" rel="next">
              {t("next")}
              <ChevronRight aria-hidden />
            </LinkButton>
          )}
        </div>
      )}
    </nav>
  );
}
