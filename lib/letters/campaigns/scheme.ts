/** The mail with its night colours on or off, whatever the screen around it prefers. */
export const inScheme = (html: string, scheme: "light" | "dark"): string =>
  html
    .replace(
      /@media\s*\(prefers-color-scheme:\s*dark\)/g,
      scheme === "dark" ? "@media all" : "@media not all",
    )
    .replace(/color-scheme:\s*light dark/g, `color-scheme: ${scheme}`);
