/** How much of a request is read, and how slowly it may come: decided here for every route, before Next hears of it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { largest } from "#lib/machine/web/sizes";

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

/** Closed by default: forms are a few kilobytes. What may be larger is named; a form's own fields come on top of its file. */
const usual = 256 * kilobyte;
const exceptions: [route: RegExp, bytes: number][] = [
  // What a remote site sends, which its signature announces.
  [/^\/api\/import\/[\w-]+$/, largest.feed],
  [/^\/api\//, 64 * kilobyte],
  [/^\/sources\/\d+\/upload$/, largest.feed + 64 * kilobyte],
  [/^\/transfers\/upload$/, largest.transfers + 64 * kilobyte],
  // Pictures and documents of 25 MB.
  [/^\/campaigns\/upload$/, 26 * megabyte],
  // Files that go with what is written by hand: as many as one mail holds.
  [/^\/letters\/\d+\/files$/, 26 * megabyte],
  // The whole letter, at each save.
  [/^\/campaigns\/\d+\/compose$/, 4 * megabyte],
  // The logo.
  [/^\/settings$/, largest.logo + 64 * kilobyte],
];

/** Bytes of body that a route reads; a method without a body reads none. */
export function bodyLimit(method = "GET", path = "/"): number {
  if (["GET", "HEAD", "OPTIONS", "TRACE"].includes(method)) return 0;
  return exceptions.find(([route]) => route.test(path))?.[1] ?? usual;
}

/** As Apache's mod_reqtimeout: twenty seconds of waiting for the sender, and one more for each 500 bytes that came. */
const patience = { seconds: 20, bytesPerSecond: 500 };

type Body = { request: IncomingMessage; response: ServerResponse; read: number; waited: number };

/** Watches the bodies under way; `check` is to be called each second. */
export class Bodies {
  private readonly pending = new Set<Body>();

  /** Refuses by its announced length, or counts what comes. False when the request is answered already. */
  admit(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    const limit = bodyLimit(request.method, path);
    if (Number(request.headers["content-length"] ?? 0) > limit) {
      refuse(request, response, 413);
      return false;
    }
    const body: Body = { request, response, read: 0, waited: 0 };
    const push = request.push.bind(request);
    // Whoever reads, and however, the bytes come through here.
    request.push = (chunk: Buffer | null) => {
      body.read += chunk?.length ?? 0;
      if (chunk && body.read > limit) {
        if (this.pending.delete(body)) refuse(request, response, 413);
        return false;
      }
      if (chunk === null) this.pending.delete(body);
      return push(chunk);
    };
    this.pending.add(body);
    // Whoever was answered before the end of what they send is not listened to any longer.
    // Node takes the socket from a request that is over, and its answer may finish later.
    const { socket } = request;
    response.once("finish", () => request.complete || closeGently(socket));
    request.once("close", () => this.pending.delete(body));
    return true;
  }

  check() {
    for (const body of this.pending) {
      // What we have not taken yet is not the sender's delay.
      if (body.request.readableLength === 0) body.waited++;
      if (body.waited <= patience.seconds + body.read / patience.bytesPerSecond) continue;
      this.pending.delete(body);
      refuse(body.request, body.response, 408);
    }
  }
}

const words = {
  400: "Requête illisible. / Unreadable request.\n",
  403: "Demandé par un autre site. / Asked by another site.\n",
  408: "Envoi trop lent. / Sent too slowly.\n",
  413: "Envoi trop grand. / Too large.\n",
};

/** Reads no further, and closes once the sender had time to hear the answer: closing at once would reset it away. */
function closeGently(socket: Socket) {
  socket.end();
  socket.pause();
  setTimeout(() => socket.destroy(), 2000).unref();
}

/** Answers, and hears no more. */
export function refuse(request: IncomingMessage, response: ServerResponse, status: keyof typeof words) {
  const { socket } = request;
  if (response.headersSent) return socket.destroy();
  socket.destroySoon = () => closeGently(socket);
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
  response.end(words[status]);
}
