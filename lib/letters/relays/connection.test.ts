/** Servers that answer out of step: whatever they say, a message they may have taken is never called refused. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { openConnection } from "#lib/letters/relays/connection";
import { inOnePiece } from "#lib/letters/relays/message";

/** Answers each command by its table, the whole line's first; a message is taken at the lone dot. Returns the port and what was taken. */
async function serve(answers: Record<string, string>) {
  let taken = 0;
  const server = createServer((socket) => {
    let inData = false;
    socket.on("error", () => {});
    socket.write("220 ready\r\n");
    let rest = "";
    socket.on("data", (chunk) => {
      const lines = (rest + chunk.toString("latin1")).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (inData) {
          if (line !== ".") continue;
          inData = false;
          taken++;
          if (answers["."] === "") socket.destroy();
          else socket.write(answers["."] ?? "250 taken\r\n");
          continue;
        }
        const verb = line.split(" ")[0]?.toUpperCase() ?? "";
        const answer = answers[line] ?? answers[verb] ?? (verb === "DATA" ? "354 go\r\n" : "250 ok\r\n");
        // After an answer out of step the message comes all the same: only a no keeps it back.
        if (verb === "DATA") inData = !/^[45]/.test(answer);
        socket.write(answer);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, taken: () => taken, close: () => server.close() };
}

async function sendTo(port: number, to: string[]) {
  const connection = await openConnection({
    host: "127.0.0.1",
    port,
    security: "none",
    username: "",
    password: "",
  });
  if ("kind" in connection) throw new Error("not connected");
  const outcomes = await connection.send(
    "a@iut.example",
    to,
    inOnePiece(Buffer.from("Subject: x\r\n\r\nx\r\n")),
    () => true,
  );
  connection.close();
  return outcomes;
}

async function sendOne(port: number) {
  const [outcome] = await sendTo(port, ["b@x.example"]);
  if (!outcome) throw new Error("no outcome");
  return outcome;
}

test("an answer too many after RCPT is not the go-ahead for DATA", async () => {
  const server = await serve({ RCPT: "250 ok\r\n250 and again\r\n" });
  const outcome = await sendOne(server.port);
  assert.deepEqual(
    [outcome.kind, outcome.kind === "lost" && outcome.begun, server.taken()],
    ["lost", false, 0],
  );
  server.close();
});

test("an answer that is neither yes nor no leaves the message unknown", async () => {
  const server = await serve({ ".": "354 still waiting\r\n" });
  const outcome = await sendOne(server.port);
  assert.deepEqual(
    [outcome.kind, outcome.kind === "lost" && outcome.begun, server.taken()],
    ["lost", true, 1],
  );
  server.close();
});

test("a no is a no", async () => {
  const server = await serve({ ".": "451 4.3.0 later\r\n" });
  assert.equal((await sendOne(server.port)).kind, "refused");
  server.close();
});

test("whoever was refused at RCPT was, whatever becomes of the message", async () => {
  const refused = { "RCPT TO:<b@x.example>": "550 5.1.1 User unknown\r\n" };
  const to = ["a@x.example", "b@x.example", "c@x.example"];
  const said = async (answers: Record<string, string>) => {
    const server = await serve({ ...refused, ...answers });
    const outcomes = await sendTo(server.port, to).finally(server.close);
    return outcomes.map((one) => `${one.kind} ${one.kind === "accepted" ? "" : one.stage}`.trim());
  };
  assert.deepEqual(await said({}), ["accepted", "refused envelope", "accepted"]);
  assert.deepEqual(await said({ ".": "" }), ["lost data", "refused envelope", "lost data"]);
  assert.deepEqual(await said({ ".": "451 later\r\n" }), [
    "refused data",
    "refused envelope",
    "refused data",
  ]);
  // What answers MAIL FROM answers for all of them: the rest is out of sequence.
  const sender = { EHLO: "250-x\r\n250 PIPELINING\r\n", MAIL: "550 no\r\n", RCPT: "503 need MAIL\r\n" };
  const early = { ...sender, DATA: "503 need RCPT\r\n", "RCPT TO:<b@x.example>": "503 need MAIL\r\n" };
  assert.deepEqual(await said(early), ["refused sender", "refused sender", "refused sender"]);
});
