import "#testing/database";
import "next/dist/server/node-environment-baseline.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { handler, publicHandler } from "#lib/gates/handler";
import { inRequest, signedIn } from "#testing/request";

const request = new Request("http://localhost/api/contacts/7");
const context = { params: Promise.resolve({ id: "7\0" }) };
const teacher = await signedIn("teacher");
const secretariat = await signedIn("secretariat");

let worked: unknown[] = [];
const exported = handler("contacts.export", async (_, user, params) => {
  worked.push([user.id, params]);
  return new Response("file");
});
const ask = async (asking: Parameters<typeof inRequest>[0]) => {
  worked = [];
  const { answer } = await inRequest(asking, () => exported(request, context));
  return [answer.status, await answer.text()];
};

test("a handler works for who may, with the parts of its address as a column holds them", async () => {
  assert.deepEqual(await ask(secretariat), [200, "file"]);
  assert.deepEqual(worked, [[secretariat.userId, { id: "7" }]]);
});

test("a handler does nothing for who is not signed in, or may not", async () => {
  assert.deepEqual(await ask({}), [401, '{"error":"signed_out"}']);
  assert.deepEqual(worked, []);
  assert.deepEqual(await ask(teacher), [403, '{"error":"forbidden"}']);
  assert.deepEqual(worked, []);
});

test("a public handler asks for nobody, and an address without parts has none", async () => {
  const open = publicHandler(async (_, params) => Response.json(params));
  const answer = await open(request, { params: Promise.resolve(undefined) });
  assert.deepEqual(await answer.json(), {});
  assert.deepEqual(await (await open(request, context)).json(), { id: "7" });
});

test("each tells the gates what it wants", () => {
  assert.equal(exported.permission, "contacts.export");
  assert.equal(publicHandler(async () => new Response()).permission, null);
});
