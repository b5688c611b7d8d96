import assert from "node:assert/strict";
import { pipeline, Writable } from "node:stream";
import { describe, it } from "node:test";
import { flood } from "#testing/flood";
import { post, say, start } from "#testing/wire";

describe("a body has a size", () => {
  const megabyte = 1024 * 1024;

  for (const path of [
    "/api/unsubscribe/x",
    "/api/auth/callback/credentials",
    "/connexion",
    "/preferences/x",
    "/contacts/new",
  ])
    it(`300 MB announced to ${path} are refused unread`, async () => {
      let asked = false;
      const port = await start({
        answer: () => {
          asked = true;
        },
      });
      const { answer, bytesWritten } = await flood(
        port,
        post(path, `Content-Length: ${300 * megabyte}`),
        Buffer.alloc(megabyte),
        300 * megabyte,
      );
      assert.match(answer, /^HTTP\/1\.1 413 /);
      assert.ok(bytesWritten < 20 * megabyte, String(bytesWritten));
      assert.equal(asked, false, "nobody behind heard of it");
    });

  it("300 MB in pieces of unknown number are refused as soon as they are too many", async () => {
    let read = 0;
    const port = await start({
      answer: (request) => {
        request.on("data", (chunk) => {
          read += chunk.length;
        });
        request.on("error", () => {});
      },
    });
    const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(megabyte), Buffer.from("\r\n")]);
    const { answer, bytesWritten } = await flood(
      port,
      post("/api/unsubscribe/x", "Transfer-Encoding: chunked"),
      chunk,
      300 * megabyte,
    );
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.ok(bytesWritten < 20 * megabyte, String(bytesWritten));
    assert.ok(read <= 64 * 1024, String(read));
  });

  it("whoever reads it may give up in the middle, as a parser of forms does, and answer", async () => {
    const tired = () => new Writable({ write: (_chunk, _encoding, done) => done(new Error("no form")) });
    const port = await start({
      answer: (request, response) =>
        pipeline(request, tired(), () => response.writeHead(500).end("not understood")),
    });
    const size = 200_000;
    const sent = post("/connexion", `Content-Length: ${size}`);
    const { answer } = await flood(port, sent, Buffer.alloc(size / 2), size);
    assert.match(answer, /^HTTP\/1\.1 500 [\s\S]*not understood/);
  });

  it("nobody goes on sending after the answer, when the page did not want the body at all", async () => {
    const port = await start({ answer: (_, response) => response.end("no need") });
    const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(megabyte), Buffer.from("\r\n")]);
    const head = post("/api/unsubscribe/x", "Transfer-Encoding: chunked").replace(
      "Connection: close\r\n",
      "",
    );
    const { bytesWritten } = await flood(port, head, chunk, 300 * megabyte, true);
    assert.ok(bytesWritten < 20 * megabyte, String(bytesWritten));
  });

  it("what waits for our leave to be sent is refused before it is", async () => {
    const port = await start();
    const refused = await say(
      port,
      post("/api/unsubscribe/x", "Content-Length: 999999\r\nExpect: 100-continue"),
    );
    assert.match(refused, /^HTTP\/1\.1 413 /);
    const taken = await say(
      port,
      post("/api/unsubscribe/x", "Content-Length: 2\r\nExpect: 100-continue", "ab"),
    );
    assert.match(taken, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 (?:.*\s)*.*"size":2/);
  });

  it("forms, letters and files of their usual size pass whole", async () => {
    const port = await start();
    for (const [path, size] of [
      ["/contacts/new", 200_000],
      ["/campaigns/12/compose", 3 * megabyte],
      ["/campaigns/upload", 25 * megabyte],
      ["/sources/3/upload", 40 * megabyte],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: "POST",
        body: Buffer.alloc(size),
      });
      assert.equal(((await answer.json()) as { size: number }).size, size, path);
    }
  });

  it("a GET has none", async () => {
    const port = await start();
    const head = "GET / HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\n";
    assert.match(await say(port, `${head}Content-Length: 5\r\n\r\nhello`), /^HTTP\/1\.1 413 /);
    assert.match(await say(port, `${head}Content-Length: 0\r\n\r\n`), /^HTTP\/1\.1 200 /);
  });
});

describe("what is not a request of ours", () => {
  it("is not upgraded to another protocol, which nobody here speaks", async () => {
    const port = await start();
    const upgrade = "Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==";
    const answer = await say(port, `GET /x HTTP/1.1\r\nHost: evil.example\r\n${upgrade}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 (?:.*\s)*.*"host":"localhost:3000"/);
  });

  it("is answered 400: no path, broken escapes, somebody else's address", async () => {
    const port = await start();
    for (const target of ["/%E0%A4%A", "/%", "*", "http://evil.example/", "evil"]) {
      const answer = await say(port, `OPTIONS ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 400 /, target);
    }
    const traced = await say(port, "TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert.match(traced, /^HTTP\/1\.1 400 /, "nothing here answers with what was sent");
  });
});

describe("what is told about the caller", () => {
  const ask = async (port: number, headers: string) => {
    const answer = await say(port, `GET /x HTTP/1.1\r\nConnection: close\r\n${headers}\r\n\r\n`);
    const told = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)) as {
      headers: Record<string, string>;
    };
    return { answer, headers: told.headers };
  };
  const lies =
    "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\nForwarded: for=198.51.100.1\r\nX-Real-IP: 198.51.100.1\r\nX-Src-Peer: 198.51.100.1\r\nX-Src-Path: /desabonnement/x\r\nX-Original-URL: /settings";

  it("is the connection's own word over all of the caller's", async () => {
    const { headers } = await ask(await start(), `Host: evil.example\r\n${lies}`);
    assert.deepEqual(
      Object.fromEntries(Object.entries(headers).filter(([name]) => /^(x-|forwarded|host)/.test(name))),
      {
        host: "localhost:3000",
        "x-forwarded-host": "localhost:3000",
        "x-forwarded-proto": "http",
        "x-forwarded-for": "127.0.0.1",
        "x-src-peer": "127.0.0.1",
        "x-src-path": "/x",
      },
    );
  });

  it("has no place to go in its cookies, which next-auth would fail on", async () => {
    const port = await start();
    for (const [sent, left] of [
      ["next-auth.callback-url=http://[", undefined],
      ["a=1; next-auth.callback-url=x; b=2", "a=1; b=2"],
      ["__Secure-next-auth.callback-url=x;a=1", "a=1"],
      ["next-auth.callback-url", undefined],
      [
        "next-auth.callback-url2=x; my-next-auth.callback-url=y",
        "next-auth.callback-url2=x; my-next-auth.callback-url=y",
      ],
    ] as const)
      assert.equal((await ask(port, `Host: a\r\nCookie: ${sent}`)).headers.cookie, left, sent);
  });

  it("is a named proxy's, and only what it says", async () => {
    const port = await start({ trusted: ["127.0.0.1"] });
    const { headers, answer } = await ask(
      port,
      "Host: src.example\r\nX-Forwarded-For: 203.0.113.1, 198.51.100.1\r\nX-Forwarded-Proto: https\r\nX-Src-Peer: 203.0.113.1",
    );
    assert.equal(headers["x-src-peer"], "198.51.100.1");
    assert.equal(headers["x-forwarded-proto"], "https");
    assert.equal(headers.host, "src.example");
    assert.match(answer, /^strict-transport-security: max-age=31536000\r$/im);
  });

  it("keeps a browser at home on the host it asked for, and nobody else", async () => {
    const port = await start({ told: "https://src.example" });
    const own = await ask(port, "Host: old.example\r\nOrigin: https://old.example");
    assert.equal(own.headers.origin, "https://src.example");
    assert.match(own.answer, /^strict-transport-security:/im);
    const foreign = await ask(port, "Host: old.example\r\nOrigin: https://evil.example");
    assert.equal(foreign.headers.origin, "https://evil.example");
  });
});

describe("what browsers are told", () => {
  it("has a new nonce each time, and gives way to what a route says of itself", async () => {
    const port = await start({
      answer: (request, response) => {
        if (request.url === "/own") response.setHeader("Content-Security-Policy", "sandbox");
        response.end(request.headers["content-security-policy"]);
      },
    });
    const get = (path: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { "Content-Security-Policy": "script-src 'nonce-mine'" },
      });
    const [one, two, own] = [await get("/"), await get("/"), await get("/own")];
    const policy = one.headers.get("content-security-policy") ?? "";
    assert.match(policy, /script-src 'nonce-[\w+/]{22}==' 'strict-dynamic';/);
    for (const part of [
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ])
      assert.ok(policy.includes(part), part);
    assert.equal(await one.text(), policy, "Next is told the same nonce, not the caller's");
    assert.notEqual(two.headers.get("content-security-policy"), policy);
    assert.equal(own.headers.get("content-security-policy"), "sandbox");
    assert.equal(own.headers.get("cross-origin-opener-policy"), "same-origin");
    assert.equal(one.headers.get("strict-transport-security"), null);
  });
});

describe("what another site's page asks for", () => {
  const ask = async (headers: string, method = "POST") => {
    const answer = await say(
      await start(),
      `${method} /sources/1/upload HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\n${headers}\r\n\r\n`,
    );
    return Number(answer.slice(9, 12));
  };
  const own = "Origin: http://localhost:3000";

  it("is refused, a neighbour's under the same domain too", async () => {
    for (const headers of [
      "Sec-Fetch-Site: cross-site",
      "Sec-Fetch-Site: same-site",
      `Sec-Fetch-Site: same-site\r\n${own}`,
      "Origin: http://pages.localhost:3000",
      "Origin: http://localhost:3001",
      "Origin: null",
    ])
      for (const method of ["POST", "PUT", "DELETE", "PATCH"])
        assert.equal(await ask(`${headers}\r\nContent-Length: 0`, method), 403, `${method} ${headers}`);
  });

  it("is answered when it only reads, or comes from our own pages or from a program", async () => {
    assert.equal(await ask("Sec-Fetch-Site: cross-site", "GET"), 200);
    for (const headers of ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", own, "X: a program"])
      assert.equal(await ask(`${headers}\r\nContent-Length: 0`), 200, headers);
  });
});
