import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { decode } from "#lib/sites/sources/decode";
import { FileRefused } from "#lib/sites/sources/refusal";

const read = async (...chunks: Uint8Array[]) => {
  let text = "";
  for await (const piece of decode(Readable.from(chunks))) text += piece;
  return text;
};

const refusedAs =
  (reason: string, line: number | null, data = {}) =>
  (error: unknown) => {
    assert.ok(error instanceof FileRefused, String(error));
    assert.deepEqual({ reason: error.reason, line: error.line }, { reason, line });
    for (const [key, value] of Object.entries(data)) assert.equal(error.data[key], value);
    return true;
  };

const declared = (charset: string, body = "<a>élève œuvre €</a>") =>
  `<?xml version="1.0" encoding="${charset}"?>\n${body}`;
const bytewise = (bytes: Buffer) => [...bytes].map((byte) => Buffer.of(byte));

test("UTF-8 is the default, with or without its mark, cut anywhere", async () => {
  const text = "<a>élève œuvre € 😀</a>";
  assert.equal(await read(...bytewise(Buffer.from(text))), text);
  assert.equal(await read(Buffer.from(`\ufeff${text}`)), text);
});

test("UTF-16 is known by its mark, or by its first character", async () => {
  const text = declared("UTF-16");
  const little = Buffer.from(text, "utf16le");
  const big = Buffer.from(little).swap16();
  assert.equal(await read(Buffer.from([0xff, 0xfe]), little), text);
  assert.equal(await read(Buffer.from([0xfe, 0xff]), ...bytewise(big)), text);
  assert.equal(await read(little), text);
  assert.equal(await read(big), text);
});

test("Latin charsets are read as declared", async () => {
  const latin1 = Buffer.from(declared("ISO-8859-1", "<a>élève</a>"), "latin1");
  assert.match(await read(latin1), /élève/);
  const euro = Buffer.concat([
    Buffer.from(declared("ISO-8859-15", "<a>"), "latin1"),
    Buffer.of(0xa4, 0xbd),
    Buffer.from("</a>"),
  ]);
  assert.match(await read(euro), /€œ/);
  const windows = Buffer.concat([
    Buffer.from(declared("windows-1252", "<a>"), "latin1"),
    Buffer.of(0x80, 0x92),
    Buffer.from("</a>"),
  ]);
  assert.match(await read(windows), /€’/);
});

test("a byte of another charset is refused with its line, wherever chunks are cut", async () => {
  const body = `<a>\n${"x".repeat(70_000)}\nélève\n</a>`;
  const wrong = Buffer.from(declared("UTF-8", body), "latin1");
  await assert.rejects(read(wrong), refusedAs("bytes", 4));
  await assert.rejects(read(...bytewise(wrong)), refusedAs("bytes", 4));
  const hole = Buffer.concat([Buffer.from(declared("windows-1252", "<a>\n"), "latin1"), Buffer.of(0x81)]);
  await assert.rejects(read(hole), refusedAs("bytes", 3, { charset: "windows-1252" }));
});

test("a character cut by the end of the file is a truncated file", async () => {
  const whole = Buffer.from("<a>\né");
  await assert.rejects(read(whole.subarray(0, -1)), refusedAs("truncated", 2));
});

test("what is not text we read is refused with its name", async () => {
  await assert.rejects(read(), refusedAs("empty", null));
  await assert.rejects(
    read(Buffer.from(declared("EBCDIC-FR"))),
    refusedAs("encoding", 1, { charset: "EBCDIC-FR" }),
  );
  await assert.rejects(read(Buffer.from(declared("UTF-16"))), refusedAs("encodingMismatch", 1));
  await assert.rejects(
    read(Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0])),
    refusedAs("encoding", 1, { charset: "UTF-32" }),
  );
  await assert.rejects(read(Buffer.from("PK\u0003\u0004…")), refusedAs("zip", null));
  await assert.rejects(read(Buffer.from("<!DOCTYPE html><html>")), refusedAs("html", 1));
});
