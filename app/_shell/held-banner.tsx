import { OctagonPause } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Role } from "#db/enums";
import { may } from "#lib/department/permissions";

/** On every staff screen while what leaves is held. */
export function HeldBanner({ role }: { role: Role }) {
  const t = useTranslations("app");
  return (
    <aside
      aria-label={t("nav.installation")}
      className="no-print flex flex-wrap items-center justify-center gap-x-4 gap-y-0.5 border-b border-line bg-bad-soft px-4 py-1.5 text-[0.8125rem] text-bad"
    >
      <span className="flex items-center gap-2 font-medium">
        <OctagonPause aria-hidden className="size-4 shrink-0" />
        {t("heldBanner")}
      </span>
      {may(role, "installation.manage") && (
        <Link
          href="/installation"
          className="rounded font-medium underline underline-offset-3 pointer-coarse:inline-flex pointer-coarse:min-h-8 pointer-coarse:items-center"
        >
          {t("heldDecide")}
        </Link>
      )}
    </aside>
  );
}
