import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { post, start } from "#testing/wire";

describe("slow senders", { concurrency: true }, () => {
  const answers = async (port: number) => {
    const startedAt = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) });
    assert.equal(answer.status, 200);
    return performance.now() - startedAt;
  };

  it("do not keep others from being answered, a thousand of them idle and hundreds dripping, and are let go", {
    timeout: 90_000,
  }, async (t) => {
    const port = await start();
    const held: Socket[] = [];
    t.after(() => {
      for (const socket of held) socket.destroy();
    });
    const open = async (words: string) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {}).resume();
      await once(socket, "connect");
      if (words) socket.write(words);
      held.push(socket);
      return socket;
    };
    for (let i = 0; i < 1000; i++) await open("");
    const headers: Socket[] = [];
    const bodies: Socket[] = [];
    for (let i = 0; i < 200; i++) {
      headers.push(await open("GET / HTTP/1.1\r\nHost: a\r\n"));
      bodies.push(await open(post("/connexion", "Content-Length: 100000", "a")));
    }
    const drip = setInterval(() => {
      for (const socket of headers) socket.write("X-A: b\r\n");
      for (const socket of bodies) socket.write("a");
    }, 1000);
    t.after(() => clearInterval(drip));
    const startedAt = Date.now();
    while (held.some((socket) => !socket.closed) && Date.now() - startedAt < 60_000) {
      assert.ok((await answers(port)) < 3000);
      await sleep(500);
    }
    assert.equal(held.filter((socket) => !socket.closed).length, 0, "all were let go");
  });

  it("may be slow, as a telephone is: a body that keeps coming is read to its end", {
    timeout: 60_000,
  }, async () => {
    const port = await start();
    const socket = connect(port, "127.0.0.1");
    const size = 100_000;
    socket.write(post("/connexion", `Content-Length: ${size}`));
    const answer = text(socket);
    for (let sent = 0; sent < size; sent += 4000) {
      socket.write("a".repeat(4000));
      await sleep(1000);
    }
    assert.match(await answer, new RegExp(`"size":${size}`));
  });
});

describe("connections of one machine", () => {
  it("are two hundred at most, and others are answered", async (t) => {
    const port = await start();
    const from = async (localAddress: string) => {
      const socket = connect({ port, host: "127.0.0.1", localAddress });
      t.after(() => socket.destroy());
      socket.on("error", () => {});
      await once(socket, "connect");
      return socket;
    };
    const held = await Promise.all(Array.from({ length: 230 }, () => from("127.0.0.9")));
    const closed = () =>
      held.filter((socket) => socket.closed || socket.destroyed || socket.readableEnded).length;
    for (const socket of held) socket.resume();
    for (let i = 0; i < 100 && closed() < 30; i++) await sleep(20);
    assert.equal(closed(), 30);
    const other = await from("127.0.0.8");
    other.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert.match(await text(other), /^HTTP\/1\.1 200/);
    for (const socket of held) socket.destroy();
    // The server hears of it a moment later.
    let again = "";
    for (let i = 0; i < 100 && !again; i++) {
      const socket = await from("127.0.0.9");
      socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      again = await text(socket).catch(() => "");
    }
    assert.match(again, /^HTTP\/1\.1 200/, "once they are gone");
  });
});
