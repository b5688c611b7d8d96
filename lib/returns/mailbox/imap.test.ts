/** A mail server that means harm, or has lost its mind, costs its own mailbox and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openImap } from "#lib/returns/mailbox/imap";
import { type Answers, pour, startMailServer } from "#testing/hostile-mailboxes";

async function mailboxOf(answers: Answers) {
  const { port, close } = await startMailServer(answers);
  const where = { kind: "smtp", relayId: 1, host: "127.0.0.1", port, security: "none" } as const;
  return { access: { ...where, username: "u", password: "p", folder: "INBOX" }, close };
}

const patience = { setup: 2_000, silence: 2_000, command: 3_000, total: 6_000, bytes: 64 << 20 };

test("a mail larger than was asked for is not taken into memory", async (t) => {
  const { access, close } = await mailboxOf({
    fetch: (socket) => {
      socket.write("* 1 FETCH (UID 1 BODY[]<0> {524288000}\r\n");
      pour(socket, "a".repeat(1 << 20));
    },
  });
  t.after(close);
  const mailbox = await openImap(access, patience);
  const before = process.memoryUsage().rss;
  await assert.rejects(mailbox.fetchAfter(0, 50, 512 * 1024));
  const taken = process.memoryUsage().rss - before;
  assert.ok(taken < 100e6, `${taken}`);
});

for (const verb of ["login", "search", "fetch"])
  test(`an answer to ${verb} without an end is waited for only so long`, { timeout: 30_000 }, async (t) => {
    const { access, close } = await mailboxOf({
      [verb]: (socket) => pour(socket, "* 1 EXISTS\r\n".repeat(100)),
    });
    t.after(close);
    const startedAt = performance.now();
    await assert.rejects(async () => {
      const mailbox = await openImap(access, patience);
      await mailbox.fetchAfter(0, 50, 512 * 1024);
    });
    assert.ok(performance.now() - startedAt < 10_000);
  });

test("a folder of more mails than a question is about is read in their order, from a day or a number on", async (t) => {
  // 25 000 mails, numbered 10, 20, 30 …; the search answers as a server does, from the pieces it is asked about.
  const { access, close } = await mailboxOf({
    examine: (socket, tag) =>
      socket.write(`* 25000 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 250001] x\r\n${tag} OK x\r\n`),
    search: (socket, tag, line) => {
      const [, from = 0, to = 0] = (/ (\d+):(\d+)/.exec(line) ?? []).map(Number);
      const above = Number(/UID (\d+):\*/.exec(line.replace("UID SEARCH", ""))?.[1] ?? 120_000);
      const uids = Array.from({ length: to - from + 1 }, (_, i) => (from + i) * 10);
      const found = uids.filter((uid) => uid >= above || (to === 25_000 && uid === 250_000));
      socket.write(`* SEARCH ${found.join(" ")}\r\n${tag} OK x\r\n`);
    },
    fetch: (socket, tag, line) => {
      const uids = / FETCH ([\d,]+) /.exec(line)?.[1]?.split(",") ?? [];
      for (const uid of uids) socket.write(`* 1 FETCH (UID ${uid} BODY[]<0> {1}\r\nx)\r\n`);
      socket.write(`${tag} OK x\r\n`);
    },
  });
  t.after(close);
  const mailbox = await openImap(access, patience);
  assert.equal(await mailbox.startFrom(new Date("2026-01-01")), 119_999);
  const after = async (uid: number) => (await mailbox.fetchAfter(uid, 2, 100)).map((mail) => mail.uid);
  assert.deepEqual(await after(45), [50, 60]);
  assert.deepEqual(await after(60), [70, 80]);
  assert.deepEqual(await after(249_985), [249_990, 250_000]);
  assert.deepEqual(await after(250_000), []);
});

test("a day that the server makes up is none: the mail came now", async (t) => {
  const { access, close } = await mailboxOf({
    fetch: (socket, tag) =>
      socket.write(
        `* 1 FETCH (UID 1 INTERNALDATE "99-Foo-2026 10:00:00 +0000" BODY[]<0> {1}\r\nx)\r\n${tag} OK x\r\n`,
      ),
  });
  t.after(close);
  const mailbox = await openImap(access, patience);
  const [mail] = await mailbox.fetchAfter(0, 50, 100);
  assert.ok(Math.abs((mail?.receivedAt.getTime() ?? 0) - Date.now()) < 60_000, `${mail?.receivedAt}`);
});

test("a whole reading lasts only so long, however quick each answer", { timeout: 30_000 }, async (t) => {
  const { access, close } = await mailboxOf({
    examine: (socket, tag) =>
      socket.write(`* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 9] x\r\n${tag} OK x\r\n`),
    search: (socket, tag) => socket.write(`* SEARCH\r\n${tag} OK x\r\n`),
  });
  t.after(close);
  const mailbox = await openImap(access, { ...patience, total: 1_500 });
  const startedAt = performance.now();
  await assert.rejects(mailbox.startFrom(new Date()), { code: "ETIMEDOUT" });
  assert.ok(mailbox.spent());
  assert.ok(performance.now() - startedAt < 5_000);
});
