/** Keyset pages: a cursor names a row by what the list is sorted by, so page 5 000 costs what page 1 does. */

import { idOf, storable } from "#lib/machine/asked";

/** The values of the sorted columns of one row, last the id. */
export type Keys = (string | number)[];

/** `backward` reads the page that ends before `keys`. */
export type Cursor = { keys: Keys; backward: boolean };

export const encodeKeys = (keys: Keys): string => Buffer.from(JSON.stringify(keys)).toString("base64url");

/** What each key of a list is: a text, a number, an instant in ISO 8601 or the id of a row. */
export type KeyKind = "text" | "number" | "instant" | "id";

const sound: Record<KeyKind, (key: unknown) => boolean> = {
  text: (key) => typeof key === "string" && storable(key) === key,
  number: (key) => isInteger(key) && Math.abs(Number(key)) <= 2_147_483_647,
  instant: (key) => typeof key === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(key) && Date.parse(key) > 0,
  id: (key) => isInteger(key) && idOf(String(key)) !== null,
};
const isInteger = (key: unknown) => typeof key === "number" && Number.isInteger(key);

/** The cursor of an address (`?after=` or `?before=`); null, the first page, when there is none or it was tampered with. */
export function readCursor(
  search: { after?: unknown; before?: unknown },
  kinds: readonly KeyKind[],
): Cursor | null {
  const text = search.after ?? search.before;
  if (typeof text !== "string" || text.length > LONGEST_CURSOR) return null;
  try {
    const keys: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const good =
      Array.isArray(keys) && keys.length === kinds.length && kinds.every((kind, i) => sound[kind](keys[i]));
    return good ? { keys: keys as Keys, backward: search.after === undefined } : null;
  } catch {
    return null;
  }
}

const LONGEST_CURSOR = 2_000;

/** One page in display order, and the cursors of its neighbours (null at either end). */
export type Page<R> = { rows: R[]; previous: string | null; next: string | null };

/** From rows read in the cursor's direction, one more than `size`: that one only says that there is a further page. */
export function pageOf<R>(
  found: R[],
  size: number,
  cursor: Cursor | null,
  keysOf: (row: R) => Keys,
): Page<R> {
  const more = found.length > size;
  const rows = found.slice(0, size);
  if (cursor?.backward) rows.reverse();
  const [first, last] = [rows[0], rows.at(-1)];
  const hasPrevious = cursor !== null && (cursor.backward ? more : true);
  const hasNext = cursor?.backward ? true : more;
  return {
    rows,
    previous: first && hasPrevious ? encodeKeys(keysOf(first)) : null,
    next: last && hasNext ? encodeKeys(keysOf(last)) : null,
  };
}

/** Parameters of a statement put together from parts: `add(value)` answers its placeholder. */
export class Values {
  readonly list: unknown[] = [];

  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** A LIKE pattern's metacharacters made literal. */
export const literal = (text: string) => text.replace(/[\\%_]/g, "\\$&");

/** Up to this many rows are counted one by one; beyond, the planner's estimate is shown and said to be one. */
export const exactUpTo = 10_000;

export type Count = { count: number; estimated: boolean };
