import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import dns from "node:dns";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { gzipSync } from "node:zlib";
import { isPublic } from "#lib/machine/network/private";
import { anyAddress, fetchFile, publicAddress, type Remote } from "#lib/sites/sources/fetch";
import { FileRefused } from "#lib/sites/sources/refusal";
import { unpack } from "#lib/sites/sources/unpack";
import { makeCertificate } from "#testing/proxies";
import { says, startSite } from "#testing/remote-site";

const site = await startSite(says("ok"));
after(() => site.close());

const read = async (remote: Partial<Remote> = {}, limit?: number) => {
  let text = "";
  const bytes = fetchFile({ url: site.url, allowed: anyAddress, ...remote });
  for await (const chunk of unpack(bytes, limit)) text += Buffer.from(chunk).toString();
  return text;
};

const refused = (reason: string, work: Promise<unknown>) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof FileRefused, String(error));
    assert.equal(error.reason, reason);
    return true;
  });

test("a file is fetched with its token, packed or not", async () => {
  site.answer = says("<contacts/>");
  assert.equal(await read({ headers: { authorization: "Bearer secret" } }), "<contacts/>");
  assert.equal(site.asked.at(-1)?.headers.authorization, "Bearer secret");
  site.answer = says(gzipSync("<contacts/>"), { "content-encoding": "gzip" });
  assert.equal(await read(), "<contacts/>");
  site.answer = says(gzipSync("<contacts/>"), { "content-type": "application/gzip" });
  assert.equal(await read(), "<contacts/>");
});

test("a bomb, a damaged or a cut archive is refused", async () => {
  site.answer = says(gzipSync(Buffer.alloc(20_000_000)));
  await refused("tooBig", read({}, 1_000_000));
  const good = gzipSync("x".repeat(1000));
  site.answer = says(good.subarray(0, -12));
  await refused("truncated", read());
  site.answer = says(Buffer.concat([good.subarray(0, 10), Buffer.alloc(40, 7)]));
  await refused("gzip", read());
  site.answer = says("x", { "content-length": String(2 * 1024 * 1_048_576) });
  await refused("tooBig", read());
});

test("loopback and private addresses are refused unless allowed, literal or by name", async () => {
  const port = new URL(site.url).port;
  for (const host of [
    "127.0.0.1",
    "localhost",
    "[::1]",
    "2130706433",
    "0x7f.1",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
  ])
    await refused("privateAddress", read({ url: `http://${host}:${port}/`, allowed: publicAddress }));
  assert.equal(site.asked.filter((request) => request.url === "/").length, 0);
});

test("a name that answers anew to each question is connected to where it was judged, and looked up once", async (t) => {
  const port = new URL(site.url).port;
  const answers = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
  const judged: string[] = [];
  let turn = 0;
  const asked = t.mock.method(
    dns,
    "lookup",
    (_host: string, _options: object, callback: (...found: unknown[]) => void) =>
      callback(null, [{ address: answers[turn++] ?? "127.0.0.9", family: 4 }]),
  );
  syncBuiltinESMExports();
  t.after(() => {
    asked.mock.restore();
    syncBuiltinESMExports();
  });
  // 127.0.0.1 stands for the public address, the others for what is inside: nothing listens there.
  const allowed = (address: string) => {
    judged.push(address);
    return address === "127.0.0.1";
  };
  site.answer = says("<contacts/>");
  assert.equal(await read({ url: `http://rebind.example:${port}/`, allowed }), "<contacts/>");
  assert.deepEqual([turn, judged], [1, ["127.0.0.1"]]);
  // The next question, and a redirection to the same name, are judged by their own answers.
  await refused("privateAddress", read({ url: `http://rebind.example:${port}/`, allowed }));
  answers[2] = "127.0.0.1";
  const before = site.asked.length;
  site.answer = (_, response) =>
    response.writeHead(302, { location: `http://rebind.example:${port}/again` }).end();
  await refused("privateAddress", read({ url: `http://rebind.example:${port}/`, allowed }));
  assert.equal(site.asked.length, before + 1);
});

test("a name with one address inside among others is refused whole", async (t) => {
  const mixed = t.mock.method(
    dns,
    "lookup",
    (_host: string, _options: object, callback: (...found: unknown[]) => void) =>
      callback(null, [
        { address: "127.0.0.1", family: 4 },
        { address: "10.0.0.1", family: 4 },
      ]),
  );
  syncBuiltinESMExports();
  t.after(() => {
    mixed.mock.restore();
    syncBuiltinESMExports();
  });
  const allowed = (address: string) => address === "127.0.0.1";
  await refused("privateAddress", read({ url: `http://mixed.example:${new URL(site.url).port}/`, allowed }));
});

test("a redirect is checked like the first address, and takes no token elsewhere", async () => {
  const other = await startSite(says("elsewhere"), "127.0.0.2");
  site.answer = (_, response) => response.writeHead(302, { location: other.url }).end();
  await refused("privateAddress", read({ allowed: (address) => address === "127.0.0.1" }));
  assert.equal(other.asked.length, 0);
  assert.equal(await read({ headers: { authorization: "Bearer secret" } }), "elsewhere");
  assert.equal(other.asked[0]?.headers.authorization, undefined);
  await other.close();
  site.answer = (_, response) => response.writeHead(302, { location: site.url }).end();
  await refused("redirects", read());
  site.answer = (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end();
  await refused("url", read());
  site.answer = (_, response) => response.writeHead(302).end();
  await refused("httpStatus", read());
  for (const who of ["moi@", ":secret@", "moi:secret@"])
    await refused("url", read({ url: site.url.replace("//", `//${who}`) }));
});

test("refusals, silence and broken connections say what they are", async () => {
  site.answer = (_, response) => response.writeHead(503).end();
  await refused("httpStatus", read());
  site.answer = () => {};
  await refused("timeout", read({ idle: 100 }));
  site.answer = (_, response) => response.writeHead(200).write("half");
  await refused("timeout", read({ total: 200 }));
  // A byte at a time, it is never idle.
  site.answer = (_, response) => {
    const drip = setInterval(() => response.write("."), 20);
    response.writeHead(200).on("close", () => clearInterval(drip));
  };
  await refused("timeout", read({ idle: 150, total: 400 }));
  site.answer = (_, response) => {
    response.writeHead(200, { "content-length": "1000" }).write("half");
    setTimeout(() => response.destroy(), 50);
  };
  await refused("disconnected", read());
  await refused("unreachable", read({ url: "http://127.0.0.1:9/" }));
  await refused("unreachable", read({ url: "http://nowhere.invalid/" }));
});

test("what is public is decided by address", () => {
  for (const address of [
    "8.8.8.8",
    "168.63.129.15",
    "2620:4f:8001::1",
    "2606:4700::1111",
    "172.32.0.1",
    "2001:4860::1",
  ])
    assert.ok(isPublic(address), address);
  for (const address of [
    "10.1.2.3",
    "172.16.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "::ffff:168.63.129.16",
    "192.31.196.1",
    "192.175.48.1",
    "2620:4f:8000::1",
    "100.64.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a00:1",
    "::ffff:0:a00:1",
    "::ffff:0:8.8.8.8",
    "64:ff9b:1::1",
    "2001:0:1::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "3fff::1",
    "5f00::1",
    "100:0:0:1::1",
    "fd00::1",
    "fe80::1%eth0",
    "::",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "nonsense",
  ])
    assert.ok(!isPublic(address), address);
});

test("a certificate that nobody vouches for, of another name or expired brings nothing, and the token stays here", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "src-cert-"));
  t.after(() => rmSync(folder, { recursive: true }));
  makeCertificate(folder);
  const [keyFile, certFile] = [join(folder, "key"), join(folder, "cert")];
  const key = readFileSync(keyFile);
  const cert = readFileSync(certFile, "utf8");
  const expired = execFileSync("openssl", ["x509", "-in", certFile, "-signkey", keyFile, "-days", "-1"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const told: (string | undefined)[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    told.push(request.headers.authorization);
    response.end("<contacts/>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const ask = (host: string) =>
    read({ url: `https://${host}:${port}/`, headers: { authorization: "Bearer x" } });
  const unreachable = (code: string, host: string) =>
    assert.rejects(ask(host), (error) => {
      assert.ok(error instanceof FileRefused, String(error));
      assert.deepEqual([error.reason, error.data.code], ["unreachable", code]);
      return true;
    });
  await unreachable("DEPTH_ZERO_SELF_SIGNED_CERT", "localhost");
  const usual = getCACertificates("default");
  t.after(() => setDefaultCACertificates(usual));
  setDefaultCACertificates([cert, expired]);
  await unreachable("ERR_TLS_CERT_ALTNAME_INVALID", "127.0.0.1");
  assert.deepEqual(told, []);
  assert.equal(await ask("localhost"), "<contacts/>");
  server.setSecureContext({ key, cert: expired });
  await unreachable("CERT_HAS_EXPIRED", "localhost");
  assert.deepEqual(told, ["Bearer x"]);
});
