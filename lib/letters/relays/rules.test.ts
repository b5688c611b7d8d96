import assert from "node:assert/strict";
import { test } from "node:test";
import type { Stage } from "#lib/letters/relays/outcome";
import { circuitOpens, judgeOutcome, pauseOf, retryDelay } from "#lib/letters/relays/rules";

const refused = (code: number, reply: string, stage: Stage = "envelope") =>
  judgeOutcome({ kind: "refused", stage, code, reply: `${code} ${reply}` }, 1);

type Expected = {
  status: "queued" | "failed";
  /** Seconds and lesson of the relay's pause. */
  pause?: [number, ("connections" | "minute" | "day")?];
  pausesCampaign?: true;
  throttled?: true;
  /** Seconds the relay would be left alone, were it to take nothing else either. */
  suspects?: number;
  /** Counts against the recipient's 48 hours. */
  counts?: true;
};
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The table of Gmail's replies (domain rules C4) and its neighbours: who is at fault, and what we do. */
const lines: [number, string, Expected, Stage?][] = [
  [550, "5.4.5 Daily user sending limit exceeded.", { status: "queued", pause: [DAY, "day"] }],
  [550, "5.4.5 Daily sending quota exceeded.", { status: "queued", pause: [DAY, "day"] }, "data"],
  [550, "5.4.5 You exceeded the limit of messages per hour", { status: "queued", pause: [HOUR] }],
  [
    421,
    "4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your IP address.",
    { status: "queued", pause: [900, "minute"] },
  ],
  [
    421,
    "4.7.28 Gmail has detected an unusual rate of unsolicited mail containing one of your URL domains.",
    { status: "queued", pause: [900, "minute"] },
    "data",
  ],
  [550, "5.7.28 unusual rate of mail", { status: "queued", pause: [900, "minute"] }],
  [
    454,
    "4.7.0 Too many login attempts, please try again later.",
    { status: "queued", pause: [900, "connections"] },
    "login",
  ],
  [
    421,
    "4.7.0 Too many concurrent connections",
    { status: "queued", pause: [900, "connections"] },
    "connect",
  ],
  [
    454,
    "4.7.0 Cannot authenticate due to a temporary system problem.",
    { status: "queued", pause: [900] },
    "login",
  ],
  [421, "4.3.0 Temporary system problem, try again later", { status: "queued", counts: true }],
  [451, "4.4.2 Timeout - closing connection.", { status: "queued", counts: true }],
  [
    451,
    "4.3.0 Multiple destination domains per transaction is unsupported.",
    { status: "queued", counts: true },
  ],
  [534, "5.7.9 Application-specific password required.", { status: "queued", pause: [DAY] }, "login"],
  [535, "5.7.8 Username and Password not accepted.", { status: "queued", pause: [DAY] }, "login"],
  [530, "5.7.0 Authentication Required.", { status: "queued", pause: [DAY] }],
  [450, "4.2.1 Peak SMTP relay limit exceeded for customer.", { status: "queued", pause: [900, "minute"] }],
  [
    550,
    "5.7.1 Daily SMTP relay sending limit exceeded for customer.",
    { status: "queued", pause: [DAY, "day"] },
  ],
  [
    450,
    "4.2.1 The user you are trying to contact is receiving mail too quickly.",
    { status: "queued", counts: true, throttled: true },
  ],
  [452, "4.5.3 Your message has too many recipients.", { status: "queued", counts: true }],
  [550, "5.5.3 Too many recipients.", { status: "queued", counts: true }],
  [452, "4.2.2 The email account that you tried to reach is over quota.", { status: "queued", counts: true }],
  [552, "5.2.2 The email account that you tried to reach is over quota.", { status: "failed", counts: true }],
  [
    550,
    "5.1.1 The email account that you tried to reach does not exist.",
    { status: "failed", counts: true },
  ],
  [553, "5.1.2 We weren't able to find the recipient domain.", { status: "failed", counts: true }],
  [553, "5.1.3 The recipient address is not a valid RFC 5321 address.", { status: "failed", counts: true }],
  [550, "5.2.1 The email account that you tried to reach is inactive.", { status: "failed", counts: true }],
  [
    552,
    "5.3.4 Your message exceeded Google's message size limits.",
    { status: "queued", pausesCampaign: true },
    "data",
  ],
  [
    552,
    "5.7.0 This message was blocked because its content presents a potential security issue.",
    { status: "queued", pausesCampaign: true },
    "data",
  ],
  [
    550,
    "5.7.1 Our system has detected that this message is likely unsolicited mail (spam).",
    { status: "queued", pausesCampaign: true },
    "data",
  ],
  [
    550,
    "5.7.1 Messages missing a valid messageId header are not accepted: not RFC 5322 compliant.",
    { status: "queued", pausesCampaign: true },
    "data",
  ],
  ...[23, 24, 25, 26, 27, 29, 30, 31, 32, 40].map((n): (typeof lines)[number] => [
    n % 2 ? 550 : 421,
    `${n % 2 ? 5 : 4}.7.${n} This mail has been refused, see the sender guidelines.`,
    n % 2
      ? { status: "failed", counts: true, suspects: DAY }
      : { status: "queued", counts: true, suspects: 900 },
  ]),
  [
    554,
    "5.7.1 Service unavailable; client host blocked using Spamhaus",
    { status: "failed", counts: true, suspects: HOUR },
  ],
  [554, "5.7.1 Relay access denied", { status: "failed", counts: true, suspects: HOUR }],
  [550, "5.7.26 unauthenticated sender", { status: "queued", pause: [DAY] }, "connect"],
  [
    450,
    "4.7.1 Client host rejected: cannot find your reverse hostname",
    { status: "queued", counts: true, suspects: 900 },
  ],
  [
    421,
    "4.7.28 Your message exceeded its quota for sending messages with the same Message-ID.",
    { status: "queued", pause: [900, "minute"] },
  ],
  // Refused before the recipient was named: nobody's address is at fault.
  [553, "5.7.1 Sender address rejected: not owned by user", { status: "queued", pause: [HOUR] }, "sender"],
  [550, "5.1.1 Mailbox unavailable", { status: "queued", pause: [HOUR] }, "sender"],
  [552, "5.3.4 Message size exceeds fixed limit", { status: "queued", pausesCampaign: true }, "sender"],
  [451, "4.3.0 Temporary server error", { status: "queued", counts: true }, "sender"],
  [553, "5.7.1 Sender address rejected: not a member", { status: "failed", counts: true, suspects: HOUR }],
  [450, "4.7.1 Greylisted, try again in 300 seconds", { status: "queued", counts: true }],
  [451, "4.7.1 Please try again later", { status: "queued", counts: true }],
];

for (const [code, text, expected, stage] of lines) {
  test(`${code} ${text.slice(0, 60)}`, () => {
    const found = refused(code, text, stage);
    assert.equal(found.status, expected.status);
    assert.equal(found.pauseRelay?.seconds, expected.pause?.[0], "pauses the relay");
    assert.equal(found.pauseRelay?.lesson ?? undefined, expected.pause?.[1], "learns");
    assert.equal(Boolean(found.pauseCampaign), expected.pausesCampaign ?? false, "pauses the campaign");
    assert.equal(found.throttled ?? false, expected.throttled ?? false, "too much for the recipient");
    assert.equal(found.suspect?.seconds, expected.suspects, "suspects the relay");
    assert.equal(found.counts, expected.counts ?? false, "somebody's try, or nobody's");
    assert.equal(found.answered, stage !== "connect" && stage !== "login", "enters the ledger");
  });
}

test("the circuit opens when half of twenty recent attempts fail alike, and not for what is the recipients'", () => {
  const sent = (n: number) => ({ outcome: "sent", reason: "", n });
  const failed = (reason: string, n: number) => ({ outcome: "refused", reason, n });
  assert.equal(circuitOpens([sent(20), failed("policy", 20)], "policy"), true);
  assert.equal(circuitOpens([sent(21), failed("policy", 20)], "policy"), false, "less than half");
  assert.equal(circuitOpens([failed("policy", 19)], "policy"), false, "too few to say");
  assert.equal(circuitOpens([failed("policy", 20), failed("spam", 30)], "policy"), false, "not alike");
  assert.equal(circuitOpens([failed("greylisted", 90)], "greylisted"), false);
});

test("a wrong password stops the relay for everybody", () => {
  const found = refused(535, "5.7.8 Username and Password not accepted", "login");
  assert.equal(found.status, "queued");
  assert.ok((found.pauseRelay?.seconds ?? 0) >= 3600);
});

test("no answer after DATA began is unknown: nobody knows who has it", () => {
  assert.equal(judgeOutcome({ kind: "lost", begun: true, stage: "data", reply: "" }, 1).status, "unknown");
});

test("a server that does not answer is nobody's try, and left alone for a moment", () => {
  for (const stage of ["connect", "login"] as const) {
    const found = judgeOutcome({ kind: "lost", begun: false, stage, reply: "" }, 1);
    assert.equal(found.status, "queued", stage);
    assert.equal(found.counts, false, stage);
    assert.equal(found.pauseRelay?.seconds, 15, stage);
  }
});

test("a line dropped in mid-sentence is tried again soon, then as rarely as a refusal, then given up", () => {
  const dropped = (attempts: number) => {
    const outcome = { kind: "lost", begun: false, stage: "envelope", reply: "" } as const;
    const { status, delay, counts, pauseRelay, reason } = judgeOutcome(outcome, attempts);
    assert.deepEqual([counts, pauseRelay, reason], [true, undefined, "connectionLost"]);
    return status === "queued" ? delay : status;
  };
  assert.deepEqual([dropped(1), dropped(2)], [10, 10]);
  const third = Number(dropped(3));
  assert.ok(third >= 300 && third <= 360, `${third} s`);
  assert.equal(dropped(11), "failed");
});

test("a password refused for now does not stop the relay for a day", () => {
  for (const stage of ["connect", "login"] as const) {
    const passing = refused(454, "4.7.0 Username and password not accepted", stage).pauseRelay;
    assert.deepEqual([passing?.seconds, passing?.grows], [900, true], stage);
  }
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

test("a pause holds until its end, or until somebody acts", () => {
  const now = new Date("2026-03-02T08:00:00Z");
  const [before, later] = [new Date(now.getTime() - 1), new Date(now.getTime() + 1)];
  assert.equal(pauseOf({ pauseReason: null, pausedUntil: null }, now), null);
  assert.deepEqual(pauseOf({ pauseReason: "auth", pausedUntil: null }, now), { reason: "auth", until: null });
  assert.deepEqual(pauseOf({ pauseReason: "x", pausedUntil: later }, now), { reason: "x", until: later });
  assert.equal(pauseOf({ pauseReason: "x", pausedUntil: now }, now), null);
  assert.equal(pauseOf({ pauseReason: "x", pausedUntil: before }, now), null);
});
