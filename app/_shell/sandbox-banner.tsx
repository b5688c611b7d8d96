import { FlaskConical } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Role } from "#db/enums";
import { may } from "#lib/department/permissions";

/** On every staff screen while the default identity writes to the sandbox. */
export function SandboxBanner({ role }: { role: Role }) {
  const t = useTranslations("app");
  const link =
    "rounded font-medium underline underline-offset-3 pointer-coarse:inline-flex pointer-coarse:min-h-8 pointer-coarse:items-center";
  return (
    <aside
      aria-label={t("nav.sandbox")}
      className="no-print flex flex-wrap items-center justify-center gap-x-4 gap-y-0.5 border-b border-line bg-warn-soft px-4 py-1.5 text-[0.8125rem] text-warn"
    >
      <span className="flex items-center gap-2 font-medium">
        <FlaskConical aria-hidden className="size-4 shrink-0" />
        {t("sandboxBanner")}
      </span>
      {may(role, "sandbox.read") && (
        <Link href="/sandbox" className={link}>
          {t("sandboxSee")}
        </Link>
      )}
      {may(role, "relays.edit") && (
        <Link href="/relays" className={link}>
          {t("sandboxLeave")}
        </Link>
      )}
    </aside>
  );
}
