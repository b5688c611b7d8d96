/** The two doors of files, as a browser knocks: who may send one to which draft, and who gets it. */
import "#testing/database";
import "next/dist/server/node-environment-baseline.js";
import assert from "node:assert/strict";
import { after, it } from "node:test";
import { POST } from "#app/(staff)/letters/[id]/files/route.ts";
import { GET } from "#app/(staff)/letters/files/[id]/route.ts";
import { listOfDraft } from "#lib/letters/attachments/queries";
import { disconnect } from "#lib/machine/db";
import { giveDraft, person } from "#testing/letters";
import { inRequest, signedIn } from "#testing/request";

after(disconnect);

const params = (id: number) => ({ params: Promise.resolve({ id: String(id) }) });

function upload(bytes: Buffer, name = "plan d’accès.txt") {
  const body = new FormData();
  body.set("file", new File([new Uint8Array(bytes)], name));
  return new Request("http://localhost/letters/1/files", { method: "POST", body });
}

it("take a file of one’s own draft, and give it back to its author alone, always to be saved", async () => {
  const [ada, bob, reader] = [
    await signedIn("teacher"),
    await signedIn("secretariat"),
    await signedIn("reader"),
  ];
  const draft = await giveDraft(ada.userId, [await person()]);
  const send = async (sessionId?: string, file = upload(Buffer.from("À gauche"))) =>
    (await inRequest({ ...(sessionId && { sessionId }) }, () => POST(file, params(draft.id)))).answer.status;
  assert.equal(await send(), 401);
  assert.equal(await send(reader.sessionId), 403);
  assert.equal(await send(bob.sessionId), 422);
  assert.equal(await send(ada.sessionId, upload(Buffer.from("MZ"), "jeu.exe")), 422);
  assert.equal(await send(ada.sessionId, upload(Buffer.alloc(20_000_000, "a"), "lourd.txt")), 413);
  assert.equal(await send(ada.sessionId), 200);
  const [file] = await listOfDraft(draft.id);
  const fetched = async (sessionId?: string) =>
    (
      await inRequest({ ...(sessionId && { sessionId }) }, () =>
        GET(new Request("http://localhost/"), params(file?.id ?? 0)),
      )
    ).answer;
  assert.deepEqual(
    [
      (await fetched()).status,
      (await fetched(reader.sessionId)).status,
      (await fetched(bob.sessionId)).status,
    ],
    [401, 403, 404],
  );
  const mine = await fetched(ada.sessionId);
  assert.equal(await mine.text(), "À gauche");
  assert.match(
    mine.headers.get("content-disposition") ?? "",
    /^attachment; .*filename\*=UTF-8''plan%20d%E2%80%99acc%C3%A8s\.txt$/,
  );
  assert.equal(mine.headers.get("x-content-type-options"), "nosniff");
  assert.match(mine.headers.get("content-security-policy") ?? "", /sandbox/);
});
