import "#testing/database";
import assert from "node:assert/strict";
import { it } from "node:test";
import { writePledges } from "#demo/pledges";
import { sql } from "#lib/machine/db";
import { wallClock } from "#lib/machine/paris";
import { listCosts } from "#lib/tax/costs/queries";
import { sumStates } from "#lib/tax/pledges/queries";
import { backtest, forecast } from "#lib/tax/reports/forecast";
import { readSnapshot } from "#lib/tax/reports/queries";
import { listOpeners, listSources } from "#lib/tax/reports/sources";
import { listTransfers } from "#lib/tax/transfers/queries";
import { givePerson } from "#testing/received";
import { giveSiren, giveSiret } from "#testing/sirets";

it("the demonstration tells three finished campaigns, and one under way that can be foretold", async () => {
  for (const role of ["secretariat", "teacher"])
    await sql`insert into users (email, name, role) values (${`${role}@src.example`}, ${role}, ${role}::"Role")`;
  for (let n = 1; n <= 75; n++)
    await sql`
      insert into organisations (name, siren, siret, headcount, sector, city) values (${`Société ${n}`}, ${giveSiren(n)}, ${giveSiret(n)}, ${10 + 7 * n}, 'Services', 'Pessac')`;
  for (const n of [1, 2, 3]) await givePerson(`porte${n}@src.example`);
  await sql`update contacts set kind = 'former_src'`;
  const began = new Date();
  // As the report counts days: for an hour or two of each evening it is tomorrow in Paris.
  const today = wallClock(began);
  const year = Number(today.slice(0, 4));
  const day = today.slice(5, 10);
  await writePledges(began);
  const snapshots = await Promise.all(
    [0, 1, 2, 3].map((back) => readSnapshot(year - back, `${year - back}-${day}`)),
  );
  const [now, ...past] = snapshots;
  assert.ok(now);
  const end = forecast(now, past);
  assert.equal(end.years, 3);
  assert.ok(end.low < end.high && end.low > 0n, `${end.low} ${end.high}`);
  assert.deepEqual(
    backtest(past).map(({ campaignYear }) => campaignYear),
    [2025],
  );
  assert.ok((await sumStates(year - 1, { owner: "" })).thanked.count >= 15);
  const sources = await listSources(year - 1);
  assert.ok(sources.reduce((sum, one) => sum + one.received, 0) >= 10, "enough for a return on investment");
  assert.equal((await listCosts(year)).length, 3);
  assert.ok((await listOpeners(year - 1)).length > 0);
  const last = await listTransfers(year - 1);
  assert.deepEqual(
    last.map(
      ({ bankCents, listedCents, matchedCents }) => bankCents === listedCents && listedCents === matchedCents,
    ),
    [true, true],
  );
});
