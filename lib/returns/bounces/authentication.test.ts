import assert from "node:assert/strict";
import { test } from "node:test";
import { isAligned } from "#lib/letters/verdicts/domains";
import { splitHead } from "#lib/machine/mime/mail";
import { authenticatedDomain } from "#lib/returns/bounces/authentication";

const check = (fields: string, authservId = "mx.src.example") =>
  authenticatedDomain(splitHead(`${fields}\n\n`).headers, authservId);
const from = "From: Mail Delivery System <MAILER-DAEMON@orange.example>";

test("DMARC passed for the domain of From, said by our own server", () => {
  assert.equal(
    check(
      `Authentication-Results: mx.src.example; spf=none; dmarc=pass (p=none) header.from=orange.example\n${from}`,
    ),
    "orange.example",
  );
  assert.equal(
    check(`Authentication-Results: MX.src.example 1; dmarc=pass header.from=Orange.Example\n${from}`),
    "orange.example",
  );
});

test("an aligned DKIM signature passes, another's does not, and SPF never", () => {
  const said = (result: string) => check(`Authentication-Results: mx.src.example; ${result}\n${from}`);
  assert.equal(said("dkim=pass header.d=orange.example"), "orange.example");
  assert.equal(said("dkim=pass header.i=@mail.orange.example header.s=a"), "orange.example");
  assert.equal(said("dkim=pass header.d=evil.example"), null);
  assert.equal(said("dkim=fail header.d=orange.example"), null);
  assert.equal(said("spf=pass smtp.helo=orange.example smtp.mailfrom=orange.example"), null);
  assert.equal(said("dmarc=fail header.from=orange.example"), null);
  assert.equal(said("dmarc=pass header.from=evil.example"), null);
  assert.equal(said("none"), null);
});

test("only the topmost field counts, and only from the server that was set", () => {
  const forged = "Authentication-Results: mx.src.example; dmarc=pass header.from=orange.example";
  assert.equal(
    check(
      `Authentication-Results: mx.src.example; dmarc=fail header.from=orange.example\n${forged}\n${from}`,
    ),
    null,
  );
  assert.equal(
    check(`Authentication-Results: mx.evil.example; dmarc=pass header.from=orange.example\n${from}`),
    null,
  );
  assert.equal(check(`${forged}\n${from}`, ""), null);
  assert.equal(check(`${forged}\n${from}`, "src.example"), null);
  assert.equal(check(from), null);
});

test("a result inside a comment is no result, and two senders are nobody", () => {
  assert.equal(
    check(
      `Authentication-Results: mx.src.example; spf=none (; dmarc=pass header.from=orange.example (x))\n${from}`,
    ),
    null,
  );
  const good = "Authentication-Results: mx.src.example; dmarc=pass header.from=orange.example";
  assert.equal(check(`${good}\n${from}\nFrom: x@evil.example`), null);
  assert.equal(check(`${good}\nFrom: a@evil.example, MAILER-DAEMON@orange.example`), null);
  assert.equal(check(good), null);
});

test("a domain is aligned with those inside it, never a top-level one", () => {
  assert.ok(isAligned("univ.example", "mx.univ.example"));
  assert.ok(isAligned("mx.univ.example", "univ.example"));
  assert.ok(!isAligned("univ.example", "eviluniv.example"));
  assert.ok(!isAligned("example", "univ.example"));
  assert.ok(!isAligned("", ""));
});
