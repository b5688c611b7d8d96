"use client";
import { Search } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useTransition } from "react";
import { cx } from "./class";

type Props = { label: string; children: ReactNode; className?: string };

/**
 * A form whose fields live in the address. Typing or choosing follows at once; before hydration Enter or
 * the (then visible) button does. Empty fields leave the address; the cursor of a page is dropped.
 */
export function Filters({ label, children, className }: Props) {
  const t = useTranslations("ui");
  const router = useRouter();
  const path = usePathname();
  const [pending, start] = useTransition();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const follow = (form: HTMLFormElement) => {
    const search = new URLSearchParams();
    for (const [name, value] of new FormData(form))
      if (typeof value === "string" && value !== "") search.append(name, value);
    start(() => router.replace(search.size ? `${path}?${search}` : path, { scroll: false }));
  };
  return (
    <search aria-label={label}>
      <form
        method="get"
        aria-busy={pending || undefined}
        className={cx("no-print flex flex-wrap items-end gap-3", className)}
        onSubmit={(event) => {
          event.preventDefault();
          clearTimeout(timer.current);
          follow(event.currentTarget);
        }}
        onChange={(event) => {
          const form = event.currentTarget;
          clearTimeout(timer.current);
          timer.current = setTimeout(
            () => follow(form),
            (event.target as HTMLElement).tagName === "SELECT" ? 0 : 250,
          );
        }}
      >
        {children}
        <button type="submit" className="sr-only focus:not-sr-only">
          {t("filter")}
        </button>
      </form>
    </search>
  );
}

/** The search box of a list: `<Filters><SearchField name="q" label=… /></Filters>`. */
export function SearchField(props: {
  name?: string;
  label: string;
  defaultValue?: string;
  className?: string;
}) {
  const { name = "q", label, defaultValue, className } = props;
  return (
    <label className={cx("relative block min-w-0 flex-1 basis-60", className)}>
      <span className="sr-only">{label}</span>
      <Search
        aria-hidden
        className="pointer-events-none absolute start-3 top-1/2 size-4 -translate-y-1/2 text-faint"
      />
      <input
        type="search"
        name={name}
        defaultValue={defaultValue}
        placeholder={label}
        autoComplete="off"
        className="field-box ps-9"
      />
    </label>
  );
}
