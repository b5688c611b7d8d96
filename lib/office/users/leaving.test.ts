/** What somebody wrote by hand, and what becomes of it when they may write no more. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { sendDraft } from "#lib/letters/drafts/send";
import { db, disconnect } from "#lib/machine/db";
import { changeRole, disableUser } from "#lib/office/users/mutations";
import { giveDraft, giveUser, person, rowsOf } from "#testing/letters";

after(disconnect);

const later = "2031-03-04T08:30";
const statuses = async (ids: (number | null)[]) =>
  (await db.delivery.findMany({ where: { id: { in: ids.map(Number) } }, orderBy: { id: "asc" } })).map(
    ({ status }) => status,
  );

const ends = {
  "whose account is closed": (id: number) => disableUser(id, null),
  "who may only read": (id: number) => changeRole(id, "reader", null),
};
for (const [who, end] of Object.entries(ends))
  describe(`somebody ${who}`, () => {
    it("has no letter leave: it is their draft again, and a colleague's waits for its hour", async () => {
      const [user, colleague] = [await giveUser(), await giveUser()];
      const [draft, other] = [
        await giveDraft(user.id, [await person()]),
        await giveDraft(colleague.id, [await person()]),
      ];
      await sendDraft({ ...draft, at: later, remind: 7 }, user.id);
      await sendDraft({ ...other, at: later }, colleague.id);
      const ids = (await rowsOf(draft.id)).map(({ deliveryId }) => deliveryId);
      assert.ok((await end(user.id)).ok);
      assert.deepEqual(await statuses(ids), ["skipped"]);
      assert.equal((await db.draft.findUniqueOrThrow({ where: { id: draft.id } })).sentAt, null);
      assert.deepEqual(await rowsOf(draft.id), [], "no conversation says that it left");
      assert.equal(await db.task.count({ where: { ownerId: user.id } }), 0);
      assert.deepEqual(
        (await rowsOf(other.id)).map(({ delivery }) => delivery?.status),
        ["queued"],
      );
    });

    it("has the rest of a letter stay, when some have received it", async () => {
      const user = await giveUser();
      const draft = await giveDraft(user.id, [await person(), await person()]);
      await sendDraft({ ...draft, at: later }, user.id);
      const ids = (await rowsOf(draft.id)).map(({ deliveryId }) => deliveryId);
      await db.delivery.update({
        where: { id: ids[0] ?? 0 },
        data: { status: "sent", settledAt: new Date() },
      });
      assert.ok((await end(user.id)).ok);
      assert.deepEqual(await statuses(ids), ["sent", "skipped"]);
      assert.equal((await rowsOf(draft.id)).length, 2);
    });

    it("sends nothing with the page that is still open", async () => {
      const user = await giveUser();
      const draft = await giveDraft(user.id, [await person()]);
      assert.ok((await end(user.id)).ok);
      assert.deepEqual(await sendDraft(draft, user.id), { ok: false, reason: "notDraft" });
    });
  });
