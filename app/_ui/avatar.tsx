import type { CSSProperties } from "react";
import { cx } from "./class";

const hues = [25, 55, 95, 150, 190, 230, 265, 300, 340];

/** Initials on a colour that always is the same for a name. Decorative: the name stands beside it. */
export function Avatar({ name, size = "md" }: { name: string; size?: "sm" | "md" | "lg" }) {
  const initials = name
    .split(/[\s-]+/)
    .filter(Boolean)
    .map((part) => part[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  const hue = hues[sum % hues.length];
  return (
    <span
      aria-hidden
      className={cx(
        "avatar",
        { sm: "size-6 text-[0.625rem]", md: "size-8 text-xs", lg: "size-14 text-lg" }[size],
      )}
      // Its colours are made of it in globals.css: a list says one number for each person, not four colours.
      style={{ "--hue": hue } as CSSProperties}
    >
      {initials}
    </span>
  );
}
