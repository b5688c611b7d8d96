/** The beginning of a foreign file: what it is made of, what a program would guess of it, and its first people as they would come. */
import { sql } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { decode, type Told } from "#lib/sites/sources/decode";
import { type Dialect, toldDialect } from "#lib/sites/sources/dialect";
import { anyAddress, fetchFile, publicAddress } from "#lib/sites/sources/fetch";
import type { RawContact, RowError } from "#lib/sites/sources/format";
import { type Outline, outlineOf, propose } from "#lib/sites/sources/outline";
import { readContacts } from "#lib/sites/sources/read";
import { credentialsOf, type Run } from "#lib/sites/sources/receive";
import { type FileRefusalReason, FileRefused } from "#lib/sites/sources/refusal";
import { judge, type KnownTopics } from "#lib/sites/sources/rules";
import type { SampleInput } from "#lib/sites/sources/schema";
import { unpack } from "#lib/sites/sources/unpack";

/** Bytes of a file that are looked at, and people that are shown. */
const headBytes = 65_536;
const shown = 3;

export type Sampled = {
  /** In base64, to be looked at again without asking the site. */
  head: string;
  outline: Outline;
  proposal: Dialect | null;
  people: { line: number; id: string; values: [field: string, value: string][]; errors: RowError[] }[];
  /** Why there are not more of them, where the file itself is wrong. */
  stopped: { reason: FileRefusalReason; line: number | null; data: Record<string, string | number> } | null;
};

/**
 * Looks at what a browser sent, else at what the source's address gives; nothing is kept. Refused with a reason of `fileRefusals`.
 * @unaudited Nothing is changed by looking.
 */
export async function sampleSource(
  input: SampleInput,
): Promise<Result<{ data: Sampled }, FileRefusalReason | "notFound">> {
  try {
    const told: Told = {};
    const source = await findAsked(input.id);
    if (!source) return refused("notFound");
    const head = input.head
      ? Buffer.from(input.head, "base64").subarray(0, headBytes)
      : await fetchHead(source, told);
    return { ok: true, data: await look(head, toldDialect(input), told, source.key) };
  } catch (error) {
    if (error instanceof FileRefused) return refused(error.reason, error.data);
    throw error;
  }
}

type Asked = Pick<Run, "key" | "url" | "access" | "login" | "sealedToken" | "sourceId" | "allowPrivate">;

async function findAsked(id: number): Promise<Asked | undefined> {
  const [source] = await sql<Asked>`
    select id as "sourceId", key, url, access, login, sealed_token as "sealedToken", allow_private as "allowPrivate"
    from sources where id = ${id} and archived_at is null`;
  return source;
}

async function fetchHead(source: Asked, told: Told): Promise<Buffer> {
  if (!source.url || source.access === "signed") throw new FileRefused("noUrl");
  const allowed = source.allowPrivate ? anyAddress : publicAddress;
  const remote = { url: source.url, allowed, headers: credentialsOf(source), idle: 15_000, total: 25_000 };
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of fetchFile(remote, told)) {
    pieces.push(piece);
    size += piece.length;
    if (size >= headBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, headBytes);
}

/** Of a beginning that is cut, the cut is no fault of the file's. */
export async function look(
  head: Uint8Array,
  dialect: Dialect | null,
  told: Told = {},
  key = "",
): Promise<Sampled> {
  const cut = head.length >= headBytes;
  const bytes = await unpacked(head);
  const outline = outlineOf(await textOf(bytes, told));
  const proposal = outline[0] ? propose(outline[0]) : null;
  const sampled: Sampled = {
    head: Buffer.from(head).toString("base64"),
    outline,
    proposal,
    people: [],
    stopped: null,
  };
  const used = dialect ?? proposal;
  if (!used) return sampled;
  try {
    for await (const raw of readContacts(byLine(bytes), key, told, null, used)) {
      sampled.people.push(shownOf(raw));
      if (sampled.people.length === shown) break;
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const ours = cut && /^(truncated|noEnd)$/.test(error.reason);
    if (!ours) sampled.stopped = { reason: error.reason, line: error.line, data: error.data };
  }
  // A page that is an error, or a file to be mended first, is nobody's words.
  if (sampled.stopped && sampled.people.length === 0) sampled.proposal = null;
  return sampled;
}

/** Line by line, so that who comes before a fault is seen. */
async function* byLine(bytes: Buffer) {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\n", at) + 1 || bytes.length;
    yield bytes.subarray(at, end);
    at = end;
  }
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

/** What can be unpacked of it. */
async function unpacked(head: Uint8Array): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of unpack(once(head), 4 * headBytes)) pieces.push(piece);
  } catch (error) {
    if (pieces.length === 0 || !(error instanceof FileRefused)) throw error;
  }
  return Buffer.concat(pieces);
}

/** JSON is UTF-8; of XML, what its charset lets be read. */
async function textOf(bytes: Buffer, told: Told): Promise<string> {
  const json = bytes.toString("utf8");
  if (/^\ufeff?\s*[{[]/.test(json)) return json;
  let text = "";
  try {
    for await (const piece of decode(once(bytes), { charset: told.charset })) text += piece;
  } catch (error) {
    if (text === "" || !(error instanceof FileRefused)) throw error;
  }
  return text;
}

const noTopics: KnownTopics = new Map();

/** As a run would judge it: what is left out is said, not shown. */
function shownOf(raw: RawContact): Sampled["people"][number] {
  const { errors } = judge(raw, noTopics);
  const values = [
    ...Object.entries(raw.fields).map(([field, { value }]): [string, string] => [field, value]),
    ...raw.emails.map(({ value }): [string, string] => ["email", value]),
    ...(raw.updated ? [["updatedAt", raw.updated] as [string, string]] : []),
  ];
  return { line: raw.line, id: raw.id, values, errors };
}
