import { LoaderCircle } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "md" | "sm";
export type ButtonProps = ComponentProps<"button"> & {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** An element, e.g. `<Plus />`: elements travel from server to client components, functions do not. */
  icon?: ReactNode;
  pending?: boolean;
};

const looks: Record<ButtonVariant, string> = {
  primary: "border-transparent bg-brand text-on-brand shadow-card hover:bg-brand-strong",
  secondary: "border-edge/45 bg-surface text-ink shadow-card hover:border-edge hover:bg-sunken",
  ghost: "border-transparent text-soft hover:bg-sunken hover:text-ink",
  danger: "border-transparent bg-bad-strong text-white shadow-card hover:brightness-90",
};

/** What buttons and links that look like buttons share. */
export const buttonClass = (variant: ButtonVariant = "secondary", size: ButtonSize = "md") =>
  cx(
    "inline-flex shrink-0 items-center justify-center gap-2 rounded-field border font-medium whitespace-nowrap transition-colors select-none",
    "disabled:cursor-not-allowed disabled:opacity-55 pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0",
    size === "md" ? "min-h-10 px-4 text-[0.9375rem]" : "min-h-8 px-3 text-sm",
    looks[variant],
  );

export function Button({ variant, size, icon, pending, className, children, type, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type ?? "button"}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      className={cx(buttonClass(variant, size), className)}
    >
      {pending ? <LoaderCircle aria-hidden className="animate-spin" /> : icon}
      {children}
    </button>
  );
}
