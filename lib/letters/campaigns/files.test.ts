import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GET } from "#app/api/files/[name]/route.ts";
import { findFile, keepFile } from "#lib/letters/campaigns/files";
import { sql } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";

await createUser({ email: "prof@src.example", name: "Ada", role: "teacher" }, "une phrase bien longue");

const pdf = Buffer.from(
  "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n",
);
const ics = Buffer.from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n");
const refusal = async (bytes: Uint8Array, title = "x.pdf") => {
  const kept = await keepFile(bytes, title, 1);
  return kept.ok ? "kept" : kept.reason;
};

describe("a document that a letter links to", () => {
  it("is known by what it holds, and saved under the name it had", async () => {
    const kept = await keepFile(pdf, "Programme de l’été « 2026 ».exe", 1);
    assert.ok(kept.ok);
    assert.equal(kept.title, "Programme de l’été « 2026 ».pdf");
    assert.match(kept.name, /^[0-9a-f]{32}\.pdf$/);
    assert.equal((await findFile(kept.name))?.type, "application/pdf");
    assert.equal(await refusal(ics), "kept");
    const [entry] = await sql`select action, user_id from audit_entries order by id desc limit 1`;
    assert.deepEqual(entry, { action: "file.added", user_id: 1 });
  });

  it("is refused when it is a program, a page, an archive, nothing or too heavy", async () => {
    for (const bytes of [
      Buffer.from("MZ\x90\0\x03", "latin1"),
      Buffer.from("<!doctype html><script>alert(1)</script>"),
      Buffer.from("PK\x03\x04\x14\0\0\0\0\0", "latin1"),
      Buffer.alloc(0),
    ])
      assert.equal(await refusal(bytes), "notAFile");
    const heavy = Buffer.alloc(25 * 1024 * 1024 + 1);
    heavy.set(pdf);
    assert.equal(await refusal(heavy), "tooBig");
  });

  it("is saved by browsers, never shown among our pages, whatever it was called", async () => {
    const kept = await keepFile(Buffer.concat([pdf, Buffer.from("2")]), '../é"\r\nSet-Cookie: a=b;.pdf', 1);
    assert.ok(kept.ok);
    const { status, headers } = await GET(new Request("http://src.example"), {
      params: Promise.resolve({ name: kept.name }),
    });
    assert.equal(status, 200);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("content-security-policy") ?? "", /sandbox/);
    assert.match(
      headers.get("content-disposition") ?? "",
      /^attachment; filename="[ -~]+\.pdf"; filename\*=UTF-8''[\w%.-]+$/,
    );
    assert.equal(headers.get("set-cookie"), null);
    for (const name of ["nothing.pdf", "%00.pdf", "a\0b", "x".repeat(500)]) {
      const missing = await GET(new Request("http://src.example"), { params: Promise.resolve({ name }) });
      assert.equal(missing.status, 404, name);
    }
  });
});
