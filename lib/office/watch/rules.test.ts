import assert from "node:assert/strict";
import { test } from "node:test";
import { findFaults, type Measures } from "#lib/office/watch/rules";

const now = new Date("2026-11-27T10:00:00Z");
const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const well: Measures = {
  now,
  heartbeatAge: 2,
  disk: { free: 60e9, size: 250e9 },
  startedAt: before(24 * 300),
  backupAt: before(8),
  drillError: null,
  mailboxes: [
    { relayId: 3, name: "Gmail", age: 900, failing: false },
    { relayId: 4, name: "Outlook", age: 90, failing: true },
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
  assert.deepEqual(kinds({ drillError: "ENOENT" }), [["drillFailed", 0, null]]);
  assert.deepEqual(kinds({ certificateDays: 13 }), [["certificateEnds", 0, 13]]);
  assert.deepEqual(kinds({ certificateDays: -2 }), [["certificateEnds", 0, 0]]);
  assert.deepEqual(kinds({ asyncStandby: true }), [["standbyLate", 0, null]]);
});

test("a mailbox and a campaign are named; without a worker they are not faults of their own", () => {
  const change = {
    mailboxes: [
      { relayId: 3, name: "Gmail", age: 901, failing: false },
      { relayId: 4, name: "Outlook", age: 91, failing: true },
    ],
    unwritten: 3,
    stuck: [{ campaignId: 7, name: "Lettre 42", late: 1260 }],
  };
  assert.deepEqual(findFaults({ ...well, ...change }), [
    { kind: "mailboxSilent", subject: 3, who: "Gmail", figure: null },
    { kind: "mailboxSilent", subject: 4, who: "Outlook", figure: null },
    { kind: "campaignStuck", subject: 7, who: "Lettre 42", figure: 21 },
    { kind: "journalStuck", subject: 0, who: "", figure: 3 },
  ]);
  assert.deepEqual(kinds({ ...change, heartbeatAge: 600 }), [["workerSilent", 0, 10]]);
});
