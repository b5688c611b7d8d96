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

test("a sign-in is a form: what is none is not read, and no log quotes it", async () => {
  const body = "email=marie@sample.example&password=correct horse";
  for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"])
    for (const way of ["callback/credentials", "signout"]) {
      const asked = { method: "POST", body, headers: { "content-type": type } };
      const answer = await POST(new Request(`https://src.example/api/auth/${way}`, asked), context);
      assert.equal(answer.status, 400, `${way} ${type}`);
    }
});
