import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { fileOf } from "#lib/sites/sources/multipart";

const form = async (field: Blob | null) => {
  const data = new FormData();
  data.append("note", "avant\r\n--le fichier");
  if (field) data.append("file", field, "élèves.xml");
  const request = new Request("http://localhost", { method: "POST", body: data });
  return { type: request.headers.get("content-type") ?? "", bytes: Buffer.from(await request.arrayBuffer()) };
};

const read = async (type: string, body: Iterable<Uint8Array>) => {
  const file = await fileOf(type, Readable.from(body));
  if (!file) return null;
  return { name: file.name, content: Buffer.concat(await Array.fromAsync(file.bytes)).toString() };
};

function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const content = `<a>\r\n--${"é".repeat(5000)}\r\n\r\n</a>\r\n`;

test("the file is read whatever the chunks, other fields skipped", async () => {
  const { type, bytes } = await form(new Blob([content]));
  for (const size of [1, 7, 64, 1_000_000])
    assert.deepEqual(await read(type, cut(bytes, size)), { name: "élèves.xml", content });
});

test("no file, or no form, is nothing", async () => {
  const { type, bytes } = await form(null);
  assert.equal(await read(type, [bytes]), null);
  assert.equal(await read("text/plain", [bytes]), null);
  assert.equal(
    await read("multipart/form-data; boundary=x", [Buffer.from(`--x\r\n${"a".repeat(20_000)}`)]),
    null,
  );
});

test("a form that stops before its end throws: the upload was interrupted", async () => {
  const { type, bytes } = await form(new Blob([content]));
  await assert.rejects(read(type, [bytes.subarray(0, -30)]));
});
