import { Bell } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { iconButtonClass } from "#ui/icon-button";

/** What the secretariat has not read yet. */
export function NoticesBell({ count }: { count: number }) {
  const t = useTranslations("app");
  const label = t("noticesCount", { count });
  return (
    <Link href="/notices" title={label} className={`relative ${iconButtonClass}`}>
      <Bell aria-hidden />
      <span className="sr-only">{label}</span>
      {count > 0 && (
        <span
          aria-hidden
          className="nums absolute end-0.5 top-0.5 min-w-4 rounded-full bg-bad-strong px-1 text-center text-[0.625rem] leading-4 font-semibold text-white"
        >
          {count > 99 ? "99+" : count}
        </span>
      )}
    </Link>
  );
}
