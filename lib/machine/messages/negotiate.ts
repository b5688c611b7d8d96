/** Which of our languages a browser asks for. Pure. */

export type Locale = "fr" | "en";

/** Reads Accept-Language (RFC 9110, 12.5.4): the best liked of ours; French when neither is named, or when they tie. */
export function negotiate(header: string | null): Locale {
  const liked = { fr: 0, en: 0 };
  for (const range of (header ?? "").split(",").slice(0, 50)) {
    const [, tag, weight] = /^\s*([a-z]{1,8})(?:-[\w-]*)?\s*(?:;\s*q=([\d.]+))?\s*$/i.exec(range) ?? [];
    const locale = tag?.toLowerCase();
    if (locale === "fr" || locale === "en") liked[locale] = Math.max(liked[locale], Number(weight ?? 1) || 0);
  }
  return liked.en > liked.fr ? "en" : "fr";
}
