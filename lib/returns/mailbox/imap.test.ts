/** A mail server that means harm, or has lost its mind, costs its own mailbox and nothing else. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { openImap } from "#lib/returns/mailbox/imap";

/** The answer to each command, by its name; what is left out is granted. */
type Answers = Record<string, (socket: Socket, tag: string) => void>;

async function mailboxOf(answers: Answers) {
  const server = createServer((socket) => {
    socket.on("error", () => {}).write("* OK ready\r\n");
    let line = "";
    socket.on("data", (data) => {
      line += data;
      for (let end = line.indexOf("\r\n"); end >= 0; end = line.indexOf("\r\n")) {
        const words = line.slice(0, end).split(" ");
        line = line.slice(end + 2);
        const [tag = "", verb = "", object = ""] = words;
        const name = (verb === "UID" ? object : verb).toLowerCase();
        const answer = answers[name] ?? usual[name];
        if (answer) answer(socket, tag);
        else socket.write(`* CAPABILITY IMAP4rev1\r\n${tag} OK done\r\n`);
      }
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const where = { kind: "smtp", relayId: 1, host: "127.0.0.1", port, security: "none" } as const;
  const access = { ...where, username: "u", password: "p", folder: "INBOX" };
  return { access, close: () => server.close() };
}

const usual: Answers = {
  examine: (socket, tag) =>
    socket.write(`* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 2] x\r\n${tag} OK [READ-ONLY] x\r\n`),
  search: (socket, tag) => socket.write(`* SEARCH 1\r\n${tag} OK x\r\n`),
};

/** Goes on for as long as somebody listens. */
function pour(socket: Socket, what: string) {
  const poured = () =>
    socket.destroyed || (socket.write(what) ? setImmediate(poured) : socket.once("drain", poured));
  poured();
}

const patience = { setup: 2_000, silence: 2_000, command: 3_000 };

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
