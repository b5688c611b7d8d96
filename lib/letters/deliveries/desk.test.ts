/** In which order the connections of a relay get their deliveries. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openDesk } from "#lib/letters/deliveries/desk";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { disconnect, sql } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";

after(disconnect);

test("a letter that somebody just wrote passes what was claimed of a campaign before it", async () => {
  const { relay, identity } = await sendingCampaign({ port: 1, recipients: 400 });
  const desk = openDesk(relay, 10, 20, () => false);
  const [first] = (await desk.next()) ?? [];
  assert.equal(first?.claim.letter, false);
  const letter = await enqueueLetter({
    ...{ kind: "personal" as const, to: "zoe@x.example", subject: "Stage", html: "<p>x</p>", text: "x" },
    identityId: identity,
  });
  // Batches of ten, twenty, then forty: it is in the third, which is fetched while some of the second still wait.
  let place = 1;
  for (
    let mail = await desk.next();
    mail?.[0]?.claim.id !== letter && place < 100;
    mail = await desk.next()
  ) {
    place++;
    await sql`select 1`;
  }
  assert.ok(place < 50, `after ${place} others`);
  await desk.close();
});
