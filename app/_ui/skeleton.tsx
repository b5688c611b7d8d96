import { useTranslations } from "next-intl";
import { cx } from "./class";

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse rounded-field bg-sunken", className)} />;
}

/** What a page shows while it loads: its shape. */
export function PageSkeleton() {
  const t = useTranslations("ui");
  return (
    <div role="status" className="flex flex-col gap-6">
      <span className="sr-only">{t("loading")}</span>
      <div className="flex items-end justify-between">
        <Skeleton className="h-9 w-56" />
        <Skeleton className="h-10 w-32" />
      </div>
      <Skeleton className="h-14" />
      <div className="flex flex-col gap-2">
        {["a", "b", "c", "d", "e", "f", "g", "h"].map((row) => (
          <Skeleton key={row} className="h-11" />
        ))}
      </div>
    </div>
  );
}
