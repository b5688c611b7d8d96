/**
 * A site asked with signed questions, page by page: each answer is whole, signed and bound to its question, or it is
 * asked for again, half as long. What comes out is one document of format 1.1.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import {
  type End,
  isSame,
  type Question,
  signAnswer,
  signQuestion,
  window,
} from "#lib/sites/signatures/rules";
import { fetchFile, type Remote } from "#lib/sites/sources/fetch";
import { FileRefused, mayPass } from "#lib/sites/sources/refusal";
import { unpack } from "#lib/sites/sources/unpack";

export type Site = Remote & {
  key: string;
  /** The newest first: a site that was given a new one answers to it, and to the older one until then. */
  secrets: { id: number; secret: string }[];
  /** Milliseconds before a site that went away is asked again, doubled each time. */
  patience?: number;
};

/** What a signed reading learns beside the people: the state of the table, and with which secret it was signed. */
export type Learnt = { state?: string; secretId?: number; unchanged?: number };

/** People in a page; a page holds less than this many bytes unpacked. */
const pageRows = 5000;
const pageBytes = 24 * 1024 * 1024;
/** Answers that may fail one after the other, those that are cut each half as long as the one before. */
const cuts = 6;
/** Seconds that a site may take to write one page, which it is told. */
const seconds = 5;

type Page = { body: Uint8Array; end: End };

/** One document with all the people of the site; nothing but `learnt.unchanged` when its table is as in `known`. */
export async function* fetchSigned(site: Site, known: string, learnt: Learnt): AsyncGenerator<Uint8Array> {
  const talk = new Talk(site, learnt);
  let after = "";
  let total = 0;
  do {
    const { body, end } = await talk.page(after, after === "" ? known : "");
    if (after === "") {
      learnt.state = end.state;
      if (known !== "" && end.state === known) {
        learnt.unchanged = Number(/^\d+/.exec(known)?.[0] ?? 0);
        return;
      }
      yield Buffer.from(
        `<?xml version="1.0" encoding="UTF-8"?>\n<contacts source="${site.key}" version="1.1">\n`,
      );
    }
    yield body;
    total += Number(end.rows);
    if (end.next === after && after !== "") throw new FileRefused("siteCuts");
    after = end.next;
  } while (after !== "");
  yield Buffer.from(`<end rows="${total}"/>\n</contacts>\n`);
}

/** One answer to « check » or to a page, without anything read of it: for who wants to look. */
export const askSite = (site: Site, what: Question["do"], rows: number, learnt: Learnt = {}): Promise<Page> =>
  new Talk(site, learnt).once({ do: what, after: "", rows, seconds, known: "" });

class Talk {
  private rows = pageRows;
  /** Seconds by which the site's clock is ahead of ours. */
  private ahead = 0;
  private readonly site: Site;
  private readonly learnt: Learnt;
  private secrets: Site["secrets"];

  constructor(site: Site, learnt: Learnt) {
    this.site = site;
    this.learnt = learnt;
    this.secrets = site.secrets;
    if (site.secrets.length === 0) throw new FileRefused("token");
  }

  /** The page after somebody; cut, it is asked for again, shorter; where the site went away, once it may be back. */
  async page(after: string, known: string): Promise<Page> {
    const { signal, patience = 1000 } = this.site;
    for (let cut = 0; ; cut++) {
      try {
        return await this.once({ do: "page", after, rows: this.rows, seconds, known });
      } catch (error) {
        if (!(error instanceof FileRefused) || cut >= cuts || signal?.aborted) throw error;
        const isCut = /^(siteCuts|disconnected|timeout)$/.test(error.reason);
        // Nothing is lost with the first page: the whole is tried again by the clock.
        if (!isCut && (after === "" || !mayPass(error))) throw error;
        if (isCut) this.rows = Math.max(20, Math.ceil(this.rows / 2));
        if (error.reason !== "siteCuts") await wait(patience * 2 ** cut, undefined, { signal });
      }
    }
  }

  /** With the newest secret that the site knows; with its own hour, if its clock is wrong. */
  async once(question: Question): Promise<Page> {
    let refusal: FileRefused | null = null;
    for (const one of this.secrets) {
      for (let attempt = 0; attempt < 2; attempt++) {
        try {
          const page = await this.ask(one.secret, question);
          this.secrets = [one];
          this.learnt.secretId = one.id;
          return page;
        } catch (error) {
          if (!(error instanceof FileRefused) || error.reason !== "siteRefuses") throw error;
          refusal = error;
          const skew = Number(error.data.skew);
          // Within the window the clock is no reason.
          if (Math.abs(skew) < window / 2 || this.ahead !== 0) break;
          this.ahead = skew;
        }
      }
    }
    throw refusal ?? new FileRefused("token");
  }

  private async ask(secret: string, question: Question): Promise<Page> {
    const nonce = randomBytes(18).toString("base64url");
    const time = Math.floor(Date.now() / 1000) + this.ahead;
    const headers = {
      "x-src-key": this.site.key,
      "x-src-time": String(time),
      "x-src-nonce": nonce,
      "x-src-signature": signQuestion(secret, this.site.key, question, time, nonce),
    };
    const remote = { ...this.site, url: addressOf(this.site.url, question), headers };
    const pieces: Uint8Array[] = [];
    for await (const piece of unpack(fetchFile(remote, {}, refusalOf), pageBytes)) pieces.push(piece);
    return readPage(Buffer.concat(pieces), secret, nonce);
  }
}

function addressOf(text: string, question: Question): string {
  const url = URL.parse(text);
  if (!url) throw new FileRefused("url");
  for (const [name, value] of Object.entries(question)) url.searchParams.set(name, String(value));
  return url.href;
}

/** A site says nothing of why it refuses, but its clock is in every answer. */
function refusalOf({ statusCode, headers }: IncomingMessage): FileRefused | null {
  if (statusCode !== 403) return null;
  const theirs = Date.parse(headers.date ?? "");
  const skew = Number.isNaN(theirs) ? 0 : Math.round((theirs - Date.now()) / 1000);
  return new FileRefused("siteRefuses", null, { skew, minutes: Math.round(skew / 60) });
}

const ending =
  /<end rows="(\d{1,9})" next="([0-9a-f]{0,800})" state="([0-9a-f-]{0,80})" hmac="([0-9a-f]{64})"\/>\s*<\/contacts>\s*$/;

/** What stands between the first tag and the end, once the end says that it is all. */
function readPage(bytes: Buffer, secret: string, nonce: string): Page {
  const start = bytes.indexOf("<?xml");
  if (start !== 0) throw saidBefore(bytes, start);
  const at = bytes.lastIndexOf("<end ");
  const found = at < 0 ? null : ending.exec(bytes.toString("latin1", at));
  if (!found) throw new FileRefused("siteCuts");
  const [, rows = "", next = "", state = "", hmac = ""] = found;
  const end = { rows, next, state };
  if (!isSame(hmac, signAnswer(secret, nonce, bytes.subarray(0, at), end)))
    throw new FileRefused("signature");
  const fault = /<fault number="(\w{1,10})"\/>$/.exec(bytes.toString("latin1", Math.max(0, at - 60), at));
  if (fault) throw new FileRefused("siteDatabase", null, { number: fault[1] ?? "" });
  const root = bytes.indexOf(">", bytes.indexOf("<contacts"));
  return { body: bytes.subarray(root + 1, at), end };
}

/** A blank line, a byte order mark or a warning of PHP in front makes a document of another. */
function saidBefore(bytes: Buffer, start: number): FileRefused {
  if (bytes.length === 0) return new FileRefused("siteCuts");
  if (start < 0) return new FileRefused("html", 1);
  const found = bytes
    .toString("utf8", 0, Math.min(start, 200))
    .replace(/(?:<[^>]*>|\s)+/g, " ")
    .trim();
  return new FileRefused("outputBefore", null, { found: found.slice(0, 100), bytes: start });
}
