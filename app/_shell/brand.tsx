import Link from "next/link";
import type { Shell } from "#lib/department/settings/queries";

/** The department's mark: its logo, or a monogram of its short name. */
export function Brand({ shell, compact }: { shell: Shell; compact?: boolean }) {
  return (
    <Link href="/" className="flex min-h-11 min-w-0 items-center gap-3 rounded-field">
      <BrandMark shell={shell} />
      <span className="min-w-0 leading-tight">
        <span className="block font-display font-semibold tracking-tight">{shell.shortName}</span>
        {!compact && <span className="block truncate text-xs text-faint">{shell.name}</span>}
      </span>
    </Link>
  );
}

export function BrandMark({ shell }: { shell: Pick<Shell, "logo" | "shortName"> }) {
  if (shell.logo)
    return (
      // biome-ignore lint/performance/noImgElement: next/image would change nothing of a logo but add its scripts to every page
      <img
        src={shell.logo}
        alt=""
        width={36}
        height={36}
        className="size-9 shrink-0 rounded-lg bg-white object-contain p-0.5"
      />
    );
  return (
    <span
      aria-hidden
      className="relative flex size-9 shrink-0 items-center justify-center overflow-hidden rounded-[0.625rem] bg-brand forced-colors:border font-display text-lg font-bold text-on-brand"
    >
      {shell.shortName.slice(0, 1)}
      <span className="absolute end-1.5 bottom-1.5 size-1.5 rounded-full bg-white/90" />
    </span>
  );
}
