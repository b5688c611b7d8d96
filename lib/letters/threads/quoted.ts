/** Where a mail begins to repeat the one it answers, as French and English mail programs announce it. */

const announcements = [
  /^(?:le|on)\s.{4,160}(?:a\s+écrit|wrote)\s*:$/i,
  /^-{2,}\s*(?:message (?:d['’]origine|original|transféré)|original message|forwarded message)\s*-{2,}$/i,
  /^_{10,}$/,
];
/** The header that Outlook copies above what it quotes. */
const field = /^(?:de|from|envoyé|sent|date|à|to|cc|objet|subject)\s*:\s/i;

/** What the person wrote, and what they quote below; nothing is lost, and an answer between quoted lines is kept whole. */
export function splitQuoted(text: string): { own: string; quoted: string } {
  const lines = text.split("\n");
  const lastOwn = lines.findLastIndex((line) => line.trim() !== "" && !line.startsWith(">"));
  const at = lines.findIndex((line, i) => (line.startsWith(">") ? i > lastOwn : beginsQuote(lines, line, i)));
  if (at < 0) return { own: text, quoted: "" };
  const rest = lines.slice(at);
  // Answered between the lines: what follows the quote's first words is theirs again.
  const after = rest.slice(1).findLastIndex((line) => line.startsWith(">"));
  const tail = after < 0 ? [] : rest.slice(after + 2).filter((line) => line.trim() !== "");
  const own = lines.slice(0, at).join("\n").trim();
  if (own === "" || tail.length > 2) return { own: text, quoted: "" };
  return { own, quoted: rest.join("\n").trim() };
}

/** The first words of what the person wrote, on one line, whole words, at most 140 characters. */
export function beginningOf(text: string): string {
  const line = splitQuoted(text)
    .own.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim();
  if (line.length <= 140) return line;
  const cut = line.slice(0, 140).replace(/[\ud800-\udbff]$/, "");
  const word = cut.lastIndexOf(" ");
  return `${word < 100 ? cut : cut.slice(0, word)}…`;
}

function beginsQuote(lines: string[], line: string, i: number): boolean {
  const one = line.replace(/[\u00a0\u202f]/g, " ").trim();
  if (one === "" || one.length > 400) return false;
  const two = `${one} ${(lines[i + 1] ?? "").replace(/[\u00a0\u202f]/g, " ").trim()}`;
  if (announcements.some((known) => known.test(one)) || (one.length < 160 && announcements[0]?.test(two)))
    return true;
  return field.test(one) && lines.slice(i, i + 6).filter((next) => field.test(next.trim())).length >= 3;
}
