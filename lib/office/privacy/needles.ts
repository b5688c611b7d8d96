/** What to look for in a raw mail to know whether it names an address. Pure. */

/**
 * The three ways base64 may write a text inside a longer one, by where it falls in the groups of three bytes; the
 * letters that depend on its neighbours are left out.
 */
export function base64Needles(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text, "utf8")]);
    const encoded = bytes.toString("base64").replace(/=+$/, "");
    const first = [0, 2, 3][shift] ?? 0;
    // A last group that is not whole shares its last letter with what follows.
    const whole = bytes.length % 3 === 0 ? encoded.length : encoded.length - 1;
    return encoded.slice(first, whole);
  });
}
