import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { before, describe, it } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { start } from "#testing/wire";
import { packBuild, packedFiles } from "./packed.ts";

const script = "export const sentence = 'une phrase';\n".repeat(200);
let port: number;

before(async () => {
  const build = mkdtempSync(join(tmpdir(), "src-packed-"));
  mkdirSync(join(build, "static/chunks"), { recursive: true });
  writeFileSync(join(build, "static/chunks/0a~b-c.js"), script);
  writeFileSync(join(build, "static/media.txt"), script);
  writeFileSync(join(build, "secret.js"), "secret");
  await packBuild(build);
  const serve = packedFiles(build);
  port = await start({
    answer: (request, response) => {
      if (!serve(request, response)) response.end("next");
    },
  });
});

async function ask(path: string, encodings = "gzip, deflate, br", method = "GET") {
  const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
  request({ port, path, method, headers: { "accept-encoding": encodings } }, resolve)
    .on("error", reject)
    .end();
  const answer = await promise;
  return { ...answer, headers: answer.headers, body: await buffer(answer) };
}

describe("scripts on the wire", () => {
  it("are packed for whoever reads brotli, and may be kept for ever", async () => {
    const { headers, body } = await ask("/_next/static/chunks/0a~b-c.js?dpl=1");
    assert.equal(headers["content-encoding"], "br");
    assert.match(headers["cache-control"] ?? "", /immutable/);
    assert.equal(headers.vary, "Accept-Encoding");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.ok(body.length < script.length / 10);
    assert.equal(brotliDecompressSync(body).toString(), script);
  });

  it("say no more than their headers to HEAD", async () => {
    const { headers, body } = await ask("/_next/static/chunks/0a~b-c.js", "br", "HEAD");
    assert.deepEqual([headers["content-encoding"], body.length], ["br", 0]);
  });

  for (const encodings of ["gzip", "", "br;q=0, gzip", "br; q=0.0", "brotli"])
    it(`are Next’s own affair with « ${encodings} »`, async () => {
      assert.equal(String((await ask("/_next/static/chunks/0a~b-c.js", encodings)).body), "next");
    });

  for (const [path, method] of [
    ["/_next/static/media.txt", "GET"],
    ["/_next/static/chunks/absent.js", "GET"],
    ["/_next/static/../secret.js", "GET"],
    ["/static/chunks/../chunks/0a~b-c.js", "GET"],
    ["/_next/static/chunks/0a~b-c.js", "POST"],
  ] as const)
    it(`leave ${method} ${path} to Next`, async () => {
      assert.equal(String((await ask(path, "br", method)).body), "next");
    });

  it("are taken with a quality", async () => {
    assert.equal(
      (await ask("/_next/static/chunks/0a~b-c.js", "gzip;q=0.5, br;q=0.9")).headers["content-encoding"],
      "br",
    );
  });
});
