/** XML or JSON: the first character that is not blank tells. */
import type { Told } from "#lib/sites/sources/decode";
import type { Dialect } from "#lib/sites/sources/dialect";
import type { RawContact } from "#lib/sites/sources/format";
import { parseJson } from "#lib/sites/sources/json";
import { parseContacts } from "#lib/sites/sources/parse";
import type { Skim, Skimmed } from "#lib/sites/sources/skim";

/** The people of a file, one by one, in its order; see parseContacts and parseJson. */
export function readContacts(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  told?: Told,
  known?: null,
  dialect?: Dialect | null,
): AsyncGenerator<RawContact>;
export function readContacts(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  told: Told,
  known: Skim | null,
  dialect?: Dialect | null,
): AsyncGenerator<RawContact | Skimmed>;
export async function* readContacts(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  told: Told = {},
  known: Skim | null = null,
  dialect: Dialect | null = null,
): AsyncGenerator<RawContact | Skimmed> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* whole() {
    if (!first.done) yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  const start = first.done ? "" : Buffer.from(first.value.subarray(0, 512)).toString("utf8");
  const json = dialect ? /^\ufeff?\s*[{[]/ : /^\ufeff?\s*\{/;
  yield* json.test(start)
    ? parseJson(whole(), key, dialect)
    : parseContacts(whole(), key, told, known, dialect);
}
