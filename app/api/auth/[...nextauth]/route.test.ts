import assert from "node:assert/strict";
import { test } from "node:test";
import { GET, POST } from "./route.ts";

const at = (callbackUrl: string, method: string) =>
  new Request(`https://src.example/api/auth/signin?callbackUrl=${encodeURIComponent(callbackUrl)}`, {
    method,
  });
const context = { params: Promise.resolve({ nextauth: ["signin"] }) };

test("a place to go to that is none is a bad request, where next-auth fails", async () => {
  for (const broken of ["http://", "https://a b", "//", "contacts", "javascript:alert(1)", "", "\u0000"])
    for (const [method, answer] of Object.entries({ GET, POST }))
      assert.equal((await answer(at(broken, method), context)).status, 400, `${method} ${broken}`);
});
