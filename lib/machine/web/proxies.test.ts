import assert from "node:assert/strict";
import { once } from "node:events";
import { get, request as sendTo } from "node:https";
import { connect as connectPlain, type Socket } from "node:net";
import { json } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { type ProxyName, type Running, startProxy } from "#testing/proxies";
import { attacks, pairs } from "#testing/smuggled";
import { start } from "#testing/wire";

type Told = { url: string; size: number; headers: Record<string, string> };

/** Sends the attack and, on the same connection, an ordinary request; waits until nothing more comes. */
async function attack(open: () => Socket, words: string) {
  const socket = open();
  socket.on("error", () => {});
  let heard = 0;
  socket.on("data", () => heard++);
  socket.write(words, "latin1");
  await Promise.race([once(socket, "data"), once(socket, "close"), sleep(400)]).catch(() => {});
  if (!socket.destroyed) socket.write("GET /after HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  for (let before = -1; !socket.closed && before !== heard; ) {
    before = heard;
    await Promise.race([once(socket, "close"), sleep(100)]).catch(() => {});
  }
  socket.destroy();
}

const each = [...attacks, ...pairs].map((words, i) => ({
  words,
  title: `${i} ${JSON.stringify(words.slice(0, 110))}`,
  two: pairs.includes(words),
}));

describe("directly", () => {
  let port = 0;
  const answered: string[] = [];
  before(async () => {
    port = await start({
      answer: (request, response) => {
        answered.push(`${request.method} ${request.url}`);
        request
          .on("error", () => {})
          .resume()
          .on("end", () => response.end());
      },
    });
  });

  for (const { words, title, two } of each)
    it(`${two ? "there are two requests" : "nothing hides"} in ${title}`, async () => {
      answered.length = 0;
      await attack(() => connectPlain(port, "127.0.0.1"), words);
      assert.equal(answered.includes("GET /smuggled"), two, answered.join(", "));
    });
});

/** What of `answered` is not in `asked` as often. */
function leftOver(answered: string[], asked: string[]): string[] {
  const left = [...asked];
  return answered.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

for (const name of ["nginx", "caddy"] as ProxyName[])
  describe(`through ${name}`, () => {
    let proxy: Running;
    const answered: string[] = [];
    before(async () => {
      const port = await start({
        trusted: ["127.0.0.1"],
        told: "https://src.example",
        answer: async (request, response) => {
          answered.push(`${request.method} ${request.url}`);
          let size = 0;
          try {
            for await (const chunk of request) size += chunk.length;
          } catch {
            return;
          }
          response.end(JSON.stringify({ url: request.url, size, headers: request.headers }));
        },
      });
      proxy = await startProxy(name, port);
    });
    after(() => proxy.stop());

    const secure = (path: string, options: object = {}) => ({
      host: "127.0.0.1",
      port: proxy.port,
      servername: "localhost",
      rejectUnauthorized: false,
      path,
      agent: false as const,
      ...options,
      headers: { host: `localhost:${proxy.port}`, ...(options as { headers?: object }).headers },
    });
    const ask = async (path: string, options?: object) => {
      const request = get(secure(path, options));
      const [response] = await once(request, "response");
      return { response, told: (await json(response)) as Told };
    };

    it("the client's address, host and scheme arrive, not what the client claims", async () => {
      const lies = {
        "x-forwarded-for": "198.51.100.1",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "http",
        "x-src-peer": "198.51.100.1",
        forwarded: "for=198.51.100.1",
      };
      const { told, response } = await ask("/x", { localAddress: "127.0.0.2", headers: lies });
      assert.equal(told.headers["x-src-peer"], "127.0.0.2");
      assert.equal(told.headers.host, `localhost:${proxy.port}`);
      assert.equal(told.headers["x-forwarded-proto"], "https");
      assert.equal(response.headers["strict-transport-security"], "max-age=31536000");
    });

    it("a large file passes, and a large body to a small page is refused", async () => {
      const send = async (path: string, size: number) => {
        const request = sendTo(secure(path, { method: "POST", headers: { "content-length": size } }));
        request.on("error", () => {});
        request.end(Buffer.alloc(size));
        const [response] = await once(request, "response");
        return response;
      };
      const taken = await send("/sources/3/upload", 30_000_000);
      assert.equal(((await json(taken)) as Told).size, 30_000_000);
      assert.equal((await send("/api/unsubscribe/x", 30_000_000)).statusCode, 413);
    });

    it("it and we understand the same requests, however they are written", { timeout: 120_000 }, async () => {
      const open = () =>
        connectTls({
          host: "127.0.0.1",
          port: proxy.port,
          servername: "localhost",
          rejectUnauthorized: false,
        });
      for (const [i, { words, title }] of each.entries()) {
        await attack(open, words);
        const victims = Array.from({ length: 3 }, (_, n) => `/victim-${i}-${n}`);
        const answers = await Promise.all(victims.map((path) => ask(path)));
        assert.deepEqual(
          answers.map(({ told }) => told.url),
          victims,
          `somebody else's answer after ${title}`,
        );
      }
      // Its log is written after its answers.
      const unknown = () => leftOver(answered, proxy.requests());
      for (let i = 0; i < 100 && unknown().length > 0; i++) await sleep(50);
      assert.deepEqual(unknown(), [], `answered by us, and ${name} never asked`);
    });
  });
