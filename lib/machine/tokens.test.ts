import assert from "node:assert/strict";
import { test } from "node:test";
import { readToken, signToken } from "#lib/machine/tokens";
import { firstLife } from "#testing/names";

process.env.SRC_SECRET ??= "a secret for tests, never elsewhere";
/** With letters in base 36, whose case may change. */
const id = 48_213_007;
const name = firstLife(id);
const token = signToken("unsubscribe", name);
const read = (text: string) => readToken("unsubscribe", text);
const [payload = "", signature = ""] = token.split(".");

test("what mail programs glue to a link does not hide whose it is", () => {
  const glued = [
    ".",
    ")",
    ">",
    "%3E",
    "%3e",
    ",",
    ";",
    "»",
    "%C2%BB",
    "\u00a0»",
    "%22",
    "'",
    "’",
    "]",
    "**",
    "_",
    "=",
  ];
  const longer = [
    "=0D=0A",
    "=\r\n",
    "%3D",
    "%0D%0A",
    "...",
    ").",
    "%253E",
    "</a>",
    "%3C/a%3E",
    "&gt;",
    "Merci",
    "%00",
    "\u0000",
  ];
  for (const debris of [...glued, ...longer])
    assert.deepEqual(read(token + debris), name, JSON.stringify(debris));
  for (const debris of ["<", "%3C", "«\u00a0", "(", "%20", "jeton=", "jeton%3D"])
    assert.deepEqual(read(debris + token), name, debris);
});

test("a link broken over lines, encoded again or put in capitals is whole", () => {
  const middle = `${token.slice(0, 14)}|${token.slice(14)}`;
  for (const cut of [
    "=\r\n",
    "=\n",
    "= ",
    "\r\n ",
    "%0D%0A",
    "%20",
    "\u00ad",
    "\u200b",
    "%E2%80%8B",
    "=0D=0A",
  ])
    assert.deepEqual(read(middle.replace("|", cut)), name, JSON.stringify(cut));
  // Wherever it is cut: what follows the sign may look like the code of a character, for some letter at least.
  for (let other = id; other < id + 50; other++) {
    const whole = signToken("unsubscribe", firstLife(other));
    for (let at = 1; at < whole.length; at++)
      assert.deepEqual(read(`${whole.slice(0, at)}=\r\n${whole.slice(at)}`), firstLife(other), whole);
  }
  assert.deepEqual(read(`${payload}%2E${signature}`), name);
  assert.deepEqual(read(`${payload}%252E${signature}`), name);
  assert.deepEqual(read(`${payload}=2E${signature}`), name);
  assert.deepEqual(read(token.toUpperCase()), name);
  assert.deepEqual(read(token.toLowerCase()), name);
});

test("what we signed must be whole, and for this purpose", () => {
  const other = signature.startsWith("A") ? "B" : "A";
  const forged = [
    "",
    ".",
    payload,
    `${payload}.`,
    token.slice(0, -1),
    `${payload}.${other}${signature.slice(1)}`,
  ];
  for (const text of [
    ...forged,
    signature,
    `${payload}.${"a".repeat(24)}`,
    `2${token}`,
    "%",
    "%E0%A4%A",
    "\ud800",
  ])
    assert.equal(read(text), null, JSON.stringify(text));
  assert.equal(readToken("preferences", token), null);
  assert.equal(read(" ".repeat(600) + token), null, "no link is as long");
  assert.equal(read(`${payload}.${"x".repeat(100_000)}`), null);
});

test("a number of a later life says which, and is read from whatever is glued to it", () => {
  const later = { id, generation: 218_000_123 };
  const whole = signToken("unsubscribe", later);
  assert.match(whole, /^[0-9a-z]+\.[0-9a-z]+\.[\w-]{24}$/);
  for (const text of [whole, `${whole}.`, `x/${whole}%3E`, whole.toUpperCase(), whole.replaceAll(".", "%2E")])
    assert.deepEqual(read(text), later, text);
  for (let at = 1; at < whole.length; at++)
    assert.deepEqual(read(`${whole.slice(0, at)}=\r\n${whole.slice(at)}`), later, String(at));
  const [, generation, sign] = whole.split(".");
  assert.equal(read(`${payload}.${sign}`), null, "without its life it is nobody's");
  assert.equal(
    read(`${payload}.${(218_000_124).toString(36)}.${sign}`),
    null,
    `nor in another than ${generation}`,
  );
  assert.deepEqual(read(`org.${token}`), name, "a word before a number of the first life");
});
