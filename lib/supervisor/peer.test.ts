import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import "./peer.ts";

const server = createServer((request, response) => {
  response.end(JSON.stringify([request.headers["x-src-peer"], request.headers["x-forwarded-for"]]));
});
before(() => once(server.listen(0), "listening"));
after(() => server.close());

async function ask(host: string) {
  const headers = { "X-Src-Peer": "198.51.100.9", "x-forwarded-for": "198.51.100.8" };
  const request = get({ host, port: (server.address() as AddressInfo).port, headers, agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return JSON.parse(await text(response)) as string[];
}

test("a request carries the address of its connection, whatever its sender wrote", async () => {
  const [peer, forwarded] = await ask("127.0.0.1");
  assert.match(peer ?? "", /^(::ffff:)?127\.0\.0\.1$/);
  assert.equal(forwarded, "198.51.100.8", "the proxy's word is left for the rule to judge");
});

const own = Object.values(networkInterfaces())
  .flat()
  .find((one) => one && !one.internal && one.family === "IPv4")?.address;

test("from another address than loopback too", { skip: !own }, async () => {
  const [peer] = await ask(own ?? "");
  assert.equal(peer?.replace("::ffff:", ""), own);
});
