import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeOutcome, retryDelay } from "#lib/relays/rules";

const refused = (
  code: number,
  reply: string,
  stage: "connect" | "login" | "envelope" | "data" = "envelope",
) => judgeOutcome({ kind: "refused", stage, code, reply: `${code} ${reply}` }, 1);

/** The table of Gmail's replies (domain rules C4): who is at fault, and what we do. */
const lines: [number, string, { status: string; pausesRelay?: boolean; pausesCampaign?: boolean }][] = [
  [550, "5.4.5 Daily user sending limit exceeded.", { status: "queued", pausesRelay: true }],
  [
    421,
    "4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your IP address.",
    { status: "queued", pausesRelay: true },
  ],
  [550, "5.7.28 unusual rate of mail", { status: "queued", pausesRelay: true }],
  [451, "4.4.2 Timeout - closing connection.", { status: "queued" }],
  [450, "4.2.1 The user you are trying to contact is receiving mail too quickly.", { status: "queued" }],
  [452, "4.2.2 The email account that you tried to reach is over quota.", { status: "queued" }],
  [552, "5.2.2 The email account that you tried to reach is over quota.", { status: "failed" }],
  [550, "5.1.1 The email account that you tried to reach does not exist.", { status: "failed" }],
  [550, "5.2.1 The email account that you tried to reach is disabled.", { status: "failed" }],
  [
    552,
    "5.3.4 Your message exceeded Google's message size limits.",
    { status: "queued", pausesCampaign: true },
  ],
  [
    552,
    "5.7.0 This message was blocked because its content presents a potential security issue.",
    { status: "queued", pausesCampaign: true },
  ],
  [
    550,
    "5.7.1 Our system has detected that this message is likely unsolicited mail (spam).",
    { status: "queued", pausesCampaign: true },
  ],
  [
    550,
    "5.7.26 This mail has been blocked because the sender is unauthenticated.",
    { status: "queued", pausesRelay: true },
  ],
];

for (const [code, text, expected] of lines) {
  test(`${code} ${text.slice(0, 60)}`, () => {
    const found = refused(code, text);
    assert.equal(found.status, expected.status);
    assert.equal(Boolean(found.pauseRelay), expected.pausesRelay ?? false, "pauses the relay");
    assert.equal(Boolean(found.pauseCampaign), expected.pausesCampaign ?? false, "pauses the campaign");
    if (found.pauseRelay || found.pauseCampaign) assert.equal(found.counts, false, "nobody's try");
  });
}

test("a wrong password stops the relay for everybody", () => {
  const found = refused(535, "5.7.8 Username and Password not accepted", "login");
  assert.equal(found.status, "queued");
  assert.ok((found.pauseRelay?.seconds ?? 0) >= 3600);
});

test("no answer after DATA began is unknown, before it is nobody's fault", () => {
  assert.equal(judgeOutcome({ kind: "lost", begun: true, stage: "data", reply: "" }, 1).status, "unknown");
  const before = judgeOutcome({ kind: "lost", begun: false, stage: "connect", reply: "" }, 1);
  assert.equal(before.status, "queued");
  assert.equal(before.counts, false);
});

test("a temporary refusal is tried again for about two days, then given up", () => {
  let total = 0;
  let tries = 0;
  for (let delay = retryDelay(1, 1, 0); delay !== null; delay = retryDelay(tries + 1, 1, 0)) {
    total += delay;
    tries++;
  }
  assert.ok(total > 40 * 3600 && total <= 48 * 3600, `${total / 3600} h`);
  assert.equal(
    judgeOutcome({ kind: "refused", stage: "envelope", code: 451, reply: "451 4.3.0 later" }, tries + 1)
      .status,
    "failed",
  );
});
