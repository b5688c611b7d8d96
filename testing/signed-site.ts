/** A remote site that signs its pages as the script does, and can be made to do it badly. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isRecent, isSame, type Question, signAnswer, signQuestion } from "#lib/sites/signatures/rules";
import { startSite } from "#testing/remote-site";

export type SignedSite = Awaited<ReturnType<typeof startSignedSite>>;

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** `people` are whole `<contact …>` elements; `spoil` changes an answer before it leaves, or says another status; 0: none. */
export async function startSignedSite(key: string, secret: string) {
  const state = {
    people: [] as string[],
    secret,
    /** Seconds by which its clock is ahead. */
    ahead: 0,
    spoil: (document: Buffer, _question: Question): Buffer | number => document,
  };
  const site = await startSite((request, response) => answer(request, response, key, state));
  return Object.assign(state, { url: site.url, asked: site.asked, close: site.close });
}

type State = { people: string[]; secret: string; ahead: number; spoil: SignedSite["spoil"] };

function answer(request: IncomingMessage, response: ServerResponse, key: string, state: State) {
  const url = new URL(request.url ?? "/", "http://site.example");
  const of = (name: string) => url.searchParams.get(name) ?? "";
  const question = {
    do: of("do"),
    after: of("after"),
    rows: of("rows"),
    seconds: of("seconds"),
    known: of("known"),
  };
  const asked = { ...question, rows: Number(of("rows")), seconds: Number(of("seconds")) } as Question;
  const header = (name: string) => String(request.headers[`x-src-${name}`] ?? "");
  const [time, nonce] = [Number(header("time")), header("nonce")];
  const now = Date.now() / 1000 + state.ahead;
  const good =
    isRecent(time, now) && isSame(header("signature"), signQuestion(state.secret, key, asked, time, nonce));
  response.sendDate = false;
  response.setHeader("date", new Date(now * 1000).toUTCString());
  if (!good) return response.writeHead(403).end();
  const said = state.spoil(page(key, state, asked, nonce), asked);
  if (said === 0) return response.destroy();
  if (typeof said === "number") return response.writeHead(said).end();
  response.end(said);
}

function page(key: string, { people, secret }: State, question: Question, nonce: string): Buffer {
  const from = question.after === "" ? 0 : Number(Buffer.from(question.after, "hex"));
  const whole = question.after === "" ? `${people.length}-${sha256(people.join(""))}` : "";
  const same = question.known !== "" && question.known === whole;
  const rows = same ? [] : people.slice(from, from + question.rows);
  const more = !same && from + rows.length < people.length;
  const next = more ? Buffer.from(String(from + rows.length)).toString("hex") : "";
  const end = { rows: String(rows.length), next, state: whole };
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<contacts source="${key}" version="1.1" nonce="${nonce}">\n`;
  const document = Buffer.from(`${head}${rows.map((row) => `${row}\n`).join("")}`);
  const hmac = signAnswer(secret, nonce, document, end);
  return Buffer.concat([
    document,
    Buffer.from(`<end rows="${end.rows}" next="${next}" state="${whole}" hmac="${hmac}"/>\n</contacts>\n`),
  ]);
}
