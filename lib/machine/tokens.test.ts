import assert from "node:assert/strict";
import { test } from "node:test";
import { readToken, signToken } from "#lib/machine/tokens";

process.env.SRC_SECRET ??= "a secret for tests, never elsewhere";
/** With letters in base 36, whose case may change. */
const id = 48_213_007;
const token = signToken("unsubscribe", id);
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
  for (const debris of [...glued, ...longer]) assert.equal(read(token + debris), id, JSON.stringify(debris));
  for (const debris of ["<", "%3C", "«\u00a0", "(", "%20", "jeton=", "jeton%3D"])
    assert.equal(read(debris + token), id, debris);
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
    assert.equal(read(middle.replace("|", cut)), id, JSON.stringify(cut));
  // Wherever it is cut: what follows the sign may look like the code of a character, for some letter at least.
  for (let other = id; other < id + 50; other++) {
    const whole = signToken("unsubscribe", other);
    for (let at = 1; at < whole.length; at++)
      assert.equal(read(`${whole.slice(0, at)}=\r\n${whole.slice(at)}`), other, whole);
  }
  assert.equal(read(`${payload}%2E${signature}`), id);
  assert.equal(read(`${payload}%252E${signature}`), id);
  assert.equal(read(`${payload}=2E${signature}`), id);
  assert.equal(read(token.toUpperCase()), id);
  assert.equal(read(token.toLowerCase()), id);
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
