import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class";

type Props = Omit<ComponentProps<"button">, "children"> & { label: string; icon: ReactNode };

export const iconButtonClass =
  "inline-flex size-9 shrink-0 items-center justify-center rounded-field text-soft transition-colors hover:bg-sunken hover:text-ink disabled:opacity-50 pointer-coarse:size-11 [&_svg]:size-[1.125rem]";

/** A button that shows only an icon; its label is said and shown on hover. */
export function IconButton({ label, icon, className, type, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type ?? "button"}
      aria-label={label}
      title={label}
      className={cx(iconButtonClass, className)}
    >
      {icon}
    </button>
  );
}
