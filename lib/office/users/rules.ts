/** Decisions about accounts that need no database. */

const minute = 60;

export type Limit = { free: number };
/** A network address is shared by a whole campus: it gets more tries than an account. An inviter may invite a department. */
export const limits = {
  account: { free: 5 },
  address: { free: 20 },
  inviter: { free: 100 },
} as const satisfies Record<string, Limit>;

/** Seconds to wait after the last of `failures`: none below the limit, then a minute, doubling up to an hour. */
export function waitAfter(failures: number, limit: Limit): number {
  if (failures < limit.free) return 0;
  return Math.min(60 * minute, minute * 2 ** (failures - limit.free));
}

/** What is counted as one network: an IPv6 customer is given 64 bits at least, a site up to 80 (RFC 6177). */
export function networkOf(address: string, bits: 48 | 64 = 64): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const left = head.split(":").filter(Boolean);
  const right = (tail ?? "").split(":").filter(Boolean);
  const groups =
    tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill("0"), ...right];
  return `${groups
    .slice(0, bits / 16)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/${bits}`;
}

export const sessionDays = 30;
export const linkHours = { setup: 7 * 24, invitation: 7 * 24, reset: 2 } as const;

/** The key of what is wrong with a password, or null. Length is what counts (CNIL, deliberation 2022-100). */
export function passwordFault(
  password: string,
  about: { email?: string; name?: string } = {},
): string | null {
  if (password.length < 12) return "users.errors.passwordShort";
  if (password.length > 200) return "tooLong";
  if (new Set(password.toLowerCase()).size < 5) return "users.errors.passwordSimple";
  const told = [about.email?.split("@")[0], ...(about.name?.split(/\s+/) ?? [])];
  const simple = told.filter((word): word is string => Boolean(word && word.length > 3));
  const rest = simple.reduce((left, word) => left.replaceAll(word.toLowerCase(), ""), password.toLowerCase());
  return rest.length < 8 ? "users.errors.passwordSimple" : null;
}
