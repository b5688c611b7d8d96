import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";
import { person } from "#testing/campaigns";
import { listCalls } from "./agenda.ts";
import { exportPledges } from "./export.ts";
import { editPledge, openCampaign, recordDirectPayment, returnDirectPayment } from "./follow.ts";
import { listColumn, listDirectPayments, listPledges, listPledgeYears, sumStates } from "./queries.ts";
import { directPaymentInput, editInput, pledgeSearch } from "./schema.ts";

await createUser({ email: "ada@src.example", name: "Ada", role: "administrator" }, "une phrase bien longue");
let made = 0;
const company = async (more: object = {}) =>
  (await db.organisation.create({ data: { name: `Agence ${String(++made).padStart(3, "0")}`, ...more } })).id;
const pledge = async (campaignYear: number, more: object = {}, of: object = {}) =>
  (await db.pledge.create({ data: { organisationId: await company(of), campaignYear, ...more } })).id;
const search = (more: object = {}) => pledgeSearch.parse(more);

describe("a campaign that opens", () => {
  it("takes who gave or promised last year and where somebody decides, once; never who must not be solicited", async () => {
    const employs = async (role: "payroll" | "employee", more: object = {}, ended: Date | null = null) => {
      const organisationId = await company(more);
      await db.affiliation.create({
        data: { contactId: await person(), organisationId, role, endedAt: ended },
      });
      return organisationId;
    };
    const last = await pledge(2027, { ownerId: 1, covers: "siren" });
    await pledge(2026);
    const { organisationId: faithful } = await db.pledge.findUniqueOrThrow({ where: { id: last } });
    const decided = await employs("payroll");
    await employs("employee");
    await employs("payroll", {}, new Date());
    await employs("payroll", { postcode: "67000" });
    await employs("payroll", { archivedAt: new Date() });
    assert.deepEqual(await openCampaign(2028, 1), { ok: true, count: 2 });
    assert.deepEqual(await openCampaign(2028, 1), { ok: false, reason: "nothingToOpen" });
    const rows = await db.pledge.findMany({
      where: { campaignYear: 2028 },
      orderBy: { organisationId: "asc" },
    });
    assert.deepEqual(
      rows.map(({ organisationId, ownerId, covers, state }) => [organisationId, ownerId, covers, state]),
      [
        [faithful, 1, "siren", "to_solicit"],
        [decided, null, "siret", "to_solicit"],
      ],
    );
    assert.deepEqual((await listPledgeYears()).slice(0, 3), [2028, 2027, 2026]);
  });
});

describe("following a pledge", () => {
  it("is written over by nobody who read an older one", async () => {
    const id = await pledge(2031);
    const input = editInput.parse({
      id,
      version: "1",
      covers: "siren",
      ownerId: "1",
      nextStep: "Rappeler",
      nextOn: "2031-05-02",
    });
    const both = await Promise.all([1, 2].map(() => editPledge(input, 1)));
    assert.deepEqual(both.map(({ ok }) => ok).sort(), [false, true]);
    assert.equal(await db.pledge.count({ where: { nextStep: "Rappeler" } }), 1, "that one alone");
    const { covers, ownerId, nextStep, nextOn, version } = await db.pledge.findUniqueOrThrow({
      where: { id },
    });
    assert.deepEqual(
      [covers, ownerId, nextStep, nextOn?.toISOString().slice(0, 10), version],
      ["siren", 1, "Rappeler", "2031-05-02", 2],
    );
  });
});

describe("a direct payment", () => {
  it("is to be returned, once, and counts in no total", async () => {
    const organisationId = await company();
    const input = directPaymentInput.parse({
      organisationId,
      campaignYear: 2032,
      amount: "300,50",
      means: "cheque",
      cameOn: "2032-05-02",
    });
    assert.deepEqual(await recordDirectPayment(input, 1), { ok: true });
    assert.deepEqual(await recordDirectPayment({ ...input, organisationId: 999_999 }, 1), {
      ok: false,
      reason: "notFound",
    });
    const elsewhere = await company();
    await recordDirectPayment({ ...input, organisationId: elsewhere }, 1);
    const [payment] = await listDirectPayments(organisationId);
    assert.deepEqual([payment?.cents, payment?.cameOn, payment?.returnedOn], ["30050", "2032-05-02", null]);
    // Told before it came: a slip of the calendar, not a debt of minus three weeks.
    assert.deepEqual(await returnDirectPayment(payment?.id ?? 0, "2032-04-11", 1), {
      ok: true,
      organisationId,
    });
    assert.deepEqual(await returnDirectPayment(payment?.id ?? 0, "2032-06-01", 1), {
      ok: false,
      reason: "alreadyReturned",
    });
    assert.equal((await listDirectPayments(organisationId))[0]?.returnedOn, "2032-05-02");
    assert.ok(
      Object.values(await sumStates(2032, { owner: "" })).every(({ receivedCents }) => receivedCents === "0"),
    );
    assert.equal((await listDirectPayments(elsewhere))[0]?.returnedOn, null, "that one alone");
    for (const amount of ["0", "-5", "x"])
      assert.equal(directPaymentInput.safeParse({ ...input, amount }).success, false, amount);
  });
});

describe("reading a campaign", () => {
  it("pages a column, latest first, for one owner or nobody, and sums all of it", async () => {
    for (let n = 0; n < 53; n++)
      await pledge(2033, {
        state: "solicited",
        stateSince: new Date(Date.UTC(2033, 0, 1, 0, n)),
        expectedLowCents: 100,
        expectedHighCents: 300,
        ownerId: n % 2 ? 1 : null,
      });
    await pledge(2034, { state: "solicited" });
    const first = await listColumn(2033, "solicited", { owner: "" });
    const second = await listColumn(2033, "solicited", { owner: "", after: first.next ?? "" });
    assert.deepEqual([first.cards.length, second.cards.length, second.next], [50, 3, null]);
    const times = [...first.cards, ...second.cards].map(({ stateSince }) => stateSince.getTime());
    assert.deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
    assert.equal(new Set([...first.cards, ...second.cards].map(({ id }) => id)).size, 53);
    assert.equal((await listColumn(2033, "solicited", { owner: 1 })).cards.length, 26);
    assert.equal((await listColumn(2033, "solicited", { owner: "none" })).cards.length, 27);
    const totals = await sumStates(2033, { owner: "" });
    assert.deepEqual(totals.solicited, {
      count: 53,
      lowCents: "5300",
      highCents: "15900",
      receivedCents: "0",
    });
    assert.deepEqual(totals.pledged, { count: 0, lowCents: "0", highCents: "0", receivedCents: "0" });
    assert.equal((await sumStates(2033, { owner: "none" })).solicited.count, 27);
  });
  it("finds in the table by name, state and owner, there and back, and writes it whole to a file", async () => {
    const page = await listPledges(2033, search());
    const next = await listPledges(2033, search({ after: page.next }));
    const back = await listPledges(2033, search({ before: next.previous }));
    assert.deepEqual([page.rows.length, next.rows.length, next.next], [50, 3, null]);
    assert.deepEqual(
      back.rows.map(({ id }) => id),
      page.rows.map(({ id }) => id),
    );
    assert.deepEqual((await listPledges(2033, search({ state: "pledged" }))).rows, []);
    const name = page.rows[0]?.name ?? "";
    assert.deepEqual(
      (await listPledges(2033, search({ q: name.toUpperCase() }))).rows.map((one) => one.name),
      [name],
    );
    assert.equal((await listPledges(2033, search({ owner: "1" }))).rows.length, 26);
    const lines: string[] = [];
    for await (const chunk of exportPledges(2033, search(), ["Nom"], ({ name: of }) => [of]))
      lines.push(chunk);
    assert.equal(lines.join("").trim().split("\r\n").length, 54);
    assert.ok(lines[0]?.startsWith("\ufeff"));
  });
  it("lists whom to call by the day of the next step, and leaves out who must not be", async () => {
    const later = await pledge(2035, { state: "solicited", nextOn: new Date("2035-05-02") });
    const sooner = await pledge(2035, { state: "pledged", share: 1, nextOn: new Date("2035-04-01") });
    const someday = await pledge(2035, { ownerId: 1 });
    await pledge(2035, { state: "refused", why: "non" });
    await pledge(2035, {}, { postcode: "68100" });
    const asked = await pledge(2035);
    await sql`insert into do_not_solicit (organisation_id, reason) select organisation_id, 'asked' from pledges where id = ${asked}`;
    const ids = async (more: object = {}) =>
      (await listCalls(2035, search(more))).rows.map(({ pledgeId }) => pledgeId);
    assert.deepEqual(await ids(), [sooner, later, someday]);
    assert.deepEqual(await ids({ owner: "1" }), [someday]);
    assert.deepEqual(await ids({ owner: "none" }), [sooner, later]);
    assert.deepEqual(await ids({ state: "pledged" }), [sooner]);
    for (let n = 0; n < 26; n++) await pledge(2036, { nextOn: new Date(Date.UTC(2036, 0, 1 + n)) });
    const page = await listCalls(2036, search());
    const next = await listCalls(2036, search({ after: page.next }));
    assert.deepEqual([page.rows.length, next.rows.length], [25, 1]);
    const back = await listCalls(2036, search({ before: next.previous }));
    assert.deepEqual(
      back.rows.map((one) => one.pledgeId),
      page.rows.map((one) => one.pledgeId),
    );
  });
});
