import "#testing/database";
import "next/dist/server/node-environment-baseline.js";
import assert from "node:assert/strict";
import { it } from "node:test";
import { POST } from "#app/(staff)/campaigns/upload/route.ts";
import { inRequest, signedIn } from "#testing/request";

const ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
const context = { params: Promise.resolve({}) };

/** A file being sent until `end` is called; `read` tells whether anybody listens to it. */
function sending(text = ics) {
  const go = Promise.withResolvers<void>();
  let read = false;
  const head = 'Content-Disposition: form-data; name="file"; filename="a.ics"';
  const pull = async (controller: ReadableStreamDefaultController) => {
    read = true;
    controller.enqueue(Buffer.from(`--b\r\n${head}\r\n\r\n`));
    await go.promise;
    controller.enqueue(Buffer.from(`${text}\r\n--b--\r\n`));
    controller.close();
  };
  const request = new Request("http://localhost/campaigns/upload", {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=b" },
    body: new ReadableStream({ pull }, { highWaterMark: 0 }),
    duplex: "half",
  } as RequestInit);
  return { request, end: go.resolve, wasRead: () => read };
}

const title =
  "holds two files of one person and six of all, refuses others unread, and takes them afterwards";
it(title, { timeout: 20_000 }, async () => {
  const people = await Promise.all(
    (["administrator", "secretariat", "teacher"] as const).flatMap((role) =>
      ["fr", "en"].map((locale) => signedIn(role, locale)),
    ),
  );
  const send = (file: ReturnType<typeof sending>, who = 0) =>
    inRequest(people[who] ?? {}, () => POST(file.request, context)).then(({ answer }) => answer);
  const mine = [sending(), sending("no calendar")];
  const sent = mine.map((file) => send(file));
  while (!mine.every((file) => file.wasRead())) await new Promise(setImmediate);
  const third = await send(sending());
  assert.deepEqual([third.status, await third.json()], [503, { ok: false, reason: "uploadsBusy" }]);

  const others = [1, 1, 2, 2].map((who) => ({ who, file: sending() }));
  sent.push(...others.map(({ file, who }) => send(file, who)));
  while (!others.every(({ file }) => file.wasRead())) await new Promise(setImmediate);
  const seventh = sending();
  assert.equal((await send(seventh, 3)).status, 503);
  assert.equal(seventh.wasRead(), false);

  for (const file of [...mine, ...others.map(({ file }) => file)]) file.end();
  assert.deepEqual(
    (await Promise.all(sent)).map(({ status }) => status),
    [200, 422, 200, 200, 200, 200],
  );
  const after = sending();
  after.end();
  assert.equal((await send(after)).status, 200);
});
