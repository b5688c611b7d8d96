import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type FaultKind,
  faultKinds,
  findFaults,
  idleSeconds,
  lookSeconds,
  type Measures,
} from "#lib/office/watch/rules";

const now = new Date("2026-11-27T10:00:00Z");
const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const well: Measures = {
  now,
  heartbeatAge: 2,
  disk: { free: 60e9, size: 250e9 },
  startedAt: before(24 * 300),
  backupAt: before(8),
  backupError: null,
  drillError: null,
  drilledAt: before(24 * 20),
  held: false,
  mailboxes: [
    { relayId: 3, name: "Gmail", age: 90, reading: true },
    { relayId: 4, name: "Outlook", age: 90, reading: false },
  ],
  unwritten: 0,
  stuck: [{ campaignId: 7, name: "Lettre 42", late: 90 }],
  certificateDays: 14,
  asyncStandby: false,
};
const kinds = (change: Partial<Measures>) =>
  findFaults({ ...well, ...change }).map(({ kind, subject, figure }) => [kind, subject, figure]);

test("nothing is said of an installation that is well, nor of what cannot be known", () => {
  assert.deepEqual(findFaults(well), []);
  assert.deepEqual(kinds({ disk: null, certificateDays: null, startedAt: null, backupAt: null }), []);
});

test("each fault from its limit on", () => {
  assert.deepEqual(kinds({ heartbeatAge: 60 }), []);
  assert.deepEqual(kinds({ heartbeatAge: 61 }), [["workerSilent", 0, 1]]);
  assert.deepEqual(kinds({ heartbeatAge: null }), [["workerSilent", 0, null]]);
  assert.deepEqual(kinds({ disk: { free: 12.6e9, size: 250e9 } }), []);
  assert.deepEqual(kinds({ disk: { free: 12.4e9, size: 250e9 } }), [["diskFull", 0, 12.4]]);
  assert.deepEqual(kinds({ disk: { free: 1.96e9, size: 10e9 } }), [["diskFull", 0, 1.9]], "a small disk too");
  assert.deepEqual(kinds({ backupAt: before(59) }), []);
  assert.deepEqual(kinds({ backupAt: before(61) }), [["backupLate", 0, null]]);
  assert.deepEqual(kinds({ backupAt: null, startedAt: before(59) }), [], "nobody was there two nights ago");
  assert.deepEqual(kinds({ backupAt: null }), [["backupLate", 0, null]]);
  assert.deepEqual(
    kinds({ backupError: "ENOSPC" }),
    [["backupFailed", 0, null]],
    "however fresh the one before",
  );
  assert.deepEqual(kinds({ drillError: "ENOENT" }), [["drillFailed", 0, null]]);
  assert.deepEqual(kinds({ certificateDays: 13 }), [["certificateEnds", 0, 13]]);
  assert.deepEqual(kinds({ certificateDays: 0 }), [["certificateEnds", 0, 0]]);
  assert.deepEqual(kinds({ certificateDays: -2 }), [["certificateEnds", 0, -1]], "over, not today");
  assert.deepEqual(kinds({ asyncStandby: true }), [["standbyLate", 0, null]]);
});

/** What is measured so many seconds after it went wrong, at the worst moment for being seen. */
const goesWrong: Record<FaultKind, (seconds: number) => Partial<Measures>> = {
  workerSilent: (s) => ({ heartbeatAge: s }),
  diskFull: () => ({ disk: { free: 0, size: 250e9 } }),
  backupFailed: () => ({ backupError: "ENOSPC" }),
  backupLate: (s) => ({ backupAt: new Date(before(60).getTime() - s * 1000) }),
  drillFailed: () => ({ drillError: "ENOENT" }),
  // Read just before its server went: read again a minute later, which fails.
  mailboxSilent: (s) => ({ mailboxes: [{ relayId: 3, name: "Gmail", age: s, reading: false }] }),
  // The same, and its server drips from then on.
  mailboxSlow: (s) => ({ mailboxes: [{ relayId: 3, name: "Gmail", age: s, reading: s > 60 }] }),
  campaignStuck: (s) => ({ stuck: [{ campaignId: 7, name: "Lettre 42", late: s }] }),
  // As measure() counts it: not before the lease has been over for as long.
  journalStuck: (s) => ({ unwritten: s > idleSeconds ? 1 : 0 }),
  certificateEnds: (s) => ({ certificateDays: s > 60 ? 13 : 14 }),
  standbyLate: () => ({ asyncStandby: true }),
};

test("every fault is on the page, and known to the watch, within two minutes of its beginning", () => {
  const seconds = faultKinds.map((kind) => {
    const at = [...Array(200).keys()].find((s) =>
      kinds(goesWrong[kind](s)).some(([found]) => found === kind),
    );
    return [kind, at ?? Number.POSITIVE_INFINITY] as const;
  });
  for (const [kind, at] of seconds)
    assert.ok(at + lookSeconds <= 122, `${kind}: seen after ${at} s, at a look every ${lookSeconds}`);
  assert.deepEqual(Object.fromEntries(seconds), {
    workerSilent: 61,
    diskFull: 0,
    backupFailed: 0,
    backupLate: 1,
    drillFailed: 0,
    mailboxSilent: 91,
    mailboxSlow: 91,
    campaignStuck: 91,
    journalStuck: 91,
    certificateEnds: 61,
    standbyLate: 0,
  });
});

test("a mailbox and a campaign are named; without a worker, or held, they are not faults of their own", () => {
  const change = {
    mailboxes: [
      { relayId: 3, name: "Gmail", age: 91, reading: true },
      { relayId: 4, name: "Outlook", age: 91, reading: false },
    ],
    unwritten: 3,
    stuck: [{ campaignId: 7, name: "Lettre 42", late: 1260 }],
  };
  assert.deepEqual(findFaults({ ...well, ...change }), [
    { kind: "mailboxSlow", subject: 3, who: "Gmail", figure: null },
    { kind: "mailboxSilent", subject: 4, who: "Outlook", figure: null },
    { kind: "campaignStuck", subject: 7, who: "Lettre 42", figure: 21 },
    { kind: "journalStuck", subject: 0, who: "", figure: 3 },
  ]);
  assert.deepEqual(kinds({ ...change, heartbeatAge: 600 }), [["workerSilent", 0, 10]]);
  assert.deepEqual(kinds({ ...change, held: true }), []);
});
