/** The part after the last @, in small letters; the whole when there is none. */
export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf("@") + 1).toLowerCase();

/** The same domain, or one inside the other; a top-level domain is nobody's. */
export function isAligned(a: string, b: string): boolean {
  if (!a.includes(".") || !b.includes(".")) return false;
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}
