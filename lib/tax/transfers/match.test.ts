import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { giveSiren, giveSiret } from "#testing/sirets";
import { type Candidate, type CandidatePledge, type DonorLine, propose, split } from "./match.ts";
import { likeness } from "./names.ts";

const pledge = (id: number, more: Partial<CandidatePledge> = {}): CandidatePledge => ({
  id,
  coversSiren: false,
  target: "",
  share: 4_000,
  lowCents: 100_000,
  highCents: 100_000,
  ...more,
});
const company = (id: number, number: number, place = 1, more: Partial<Candidate> = {}): Candidate => ({
  organisationId: id,
  siret: giveSiret(number, place),
  siren: giveSiren(number),
  name: `Entreprise ${id}`,
  city: "",
  formerSirets: [],
  gaveLastYear: false,
  pledges: [],
  ...more,
});
const line = (number: number, place = 1, more: Partial<DonorLine> = {}): DonorLine => ({
  siret: giveSiret(number, place),
  name: "",
  place: "",
  formation: "",
  cents: 96_000,
  reliquat: false,
  ...more,
});
const found = (one: DonorLine, candidates: Candidate[]) => {
  const proposal = propose(one, candidates);
  if (!proposal) return null;
  assert.equal(
    proposal.parts.reduce((sum, { cents }) => sum + cents, 0),
    one.cents,
    "parts add up to the line",
  );
  return [
    proposal.level,
    proposal.reasons.join(" "),
    ...proposal.parts.map(({ organisationId, pledgeId, cents }) => [organisationId, pledgeId, cents]),
  ];
};

describe("whose money a line is", () => {
  const lycee = company(1, 100, 1, { pledges: [pledge(11)] });
  it("its SIRET's, for certain", () => {
    assert.deepEqual(found(line(100), [company(2, 200), lycee]), ["certain", "siret", [1, 11, 96_000]]);
    assert.deepEqual(
      found(line(100, 1, { cents: 9_999_999 }), [lycee]),
      ["certain", "siret", [1, 11, 9_999_999]],
      "bigger than the pledge",
    );
  });
  it("two pledges of one SIRET share it, by their shares or the formation", () => {
    const two = company(1, 100, 1, {
      pledges: [
        pledge(11, { share: 3_000, target: "BUT MMI" }),
        pledge(12, { share: 1_000, target: "LP Édition" }),
      ],
    });
    assert.deepEqual(found(line(100, 1, { cents: 100_001 }), [two]), [
      "shared",
      "siret byShare",
      [1, 11, 75_001],
      [1, 12, 25_000],
    ]);
    assert.deepEqual(found(line(100, 1, { formation: "lp edition et métiers" }), [two]), [
      "shared",
      "siret formation",
      [1, 12, 96_000],
    ]);
  });
  it("a group's promise takes what comes under its other SIRETs", () => {
    const head = company(1, 100, 1, { pledges: [pledge(11, { coversSiren: true })] });
    for (const place of [2, 3, 4])
      assert.deepEqual(found(line(100, place), [head]), ["certain", "sirenCovered", [1, 11, 96_000]]);
    const branch = company(2, 100, 2, { pledges: [pledge(22)] });
    assert.deepEqual(
      found(line(100, 2), [head, branch]),
      ["certain", "siret", [2, 22, 96_000]],
      "its own pledge first",
    );
  });
  it("a company that changed SIRET is likely its promise, and certain once somebody said so", () => {
    assert.deepEqual(found(line(100, 2), [lycee]), ["likely", "siren", [1, 11, 96_000]]);
    const bordeaux = company(3, 100, 3, { city: "Bordeaux", pledges: [pledge(33)] });
    assert.deepEqual(found(line(100, 2, { place: "33000 BORDEAUX" }), [lycee, bordeaux]), [
      "likely",
      "siren place",
      [3, 33, 96_000],
    ]);
    const moved = { ...lycee, formerSirets: [giveSiret(777)] };
    assert.deepEqual(found(line(777), [moved]), ["certain", "matchedBefore", [1, 11, 96_000]]);
    assert.deepEqual(found(line(777), [{ ...moved, pledges: [] }]), [
      "certain",
      "matchedBefore noPledge",
      [1, null, 96_000],
    ]);
  });
  it("a company that promised nothing gave all the same", () =>
    assert.deepEqual(found(line(200), [company(2, 200)]), ["certain", "siret noPledge", [2, null, 96_000]]));
  it("a name needs a second witness", () => {
    const named = company(4, 400, 1, {
      name: "Imprimerie Castéra SARL",
      city: "Mérignac",
      pledges: [pledge(44)],
    });
    const other = { name: "CASTERA IMPRIMERIE", cents: 50_000 };
    assert.equal(found(line(999, 1, other), [named]), null);
    assert.deepEqual(found(line(999, 1, { ...other, place: "33700 Merignac" }), [named]), [
      "possible",
      "name place",
      [4, 44, 50_000],
    ]);
    assert.deepEqual(found(line(999, 1, { ...other, cents: 96_000 }), [named]), [
      "possible",
      "name amount",
      [4, 44, 96_000],
    ]);
    assert.equal(found(line(999, 1, { ...other, cents: 95_799 }), [named]), null, "below the fees' band");
    assert.equal(found(line(999, 1, { ...other, cents: 97_501 }), [named]), null, "above it");
    assert.deepEqual(found(line(999, 1, other), [{ ...named, gaveLastYear: true, pledges: [] }]), [
      "possible",
      "name lastYear noPledge",
      [4, null, 50_000],
    ]);
  });
  it("a name that two companies could have proposes neither", () => {
    const [one, two] = [
      company(5, 500, 1, { name: "Havas Bordeaux", gaveLastYear: true }),
      company(6, 600, 1, { name: "Havas Bordeaux Media", gaveLastYear: true }),
    ];
    assert.equal(
      found(line(999, 1, { name: "Havas Bordeaux Médias" }), [
        one,
        { ...two, name: "Havas Bordeaux Mediaa" },
        two,
      ]),
      null,
    );
    assert.deepEqual(
      found(line(999, 1, { name: "Havas Bordeaux" }), [one, company(7, 700)])?.[0],
      "possible",
    );
  });
  it("nobody known is nobody, and a reliquat has no donor", () => {
    assert.equal(found(line(999, 1, { name: "Inconnue" }), [lycee]), null);
    assert.equal(found(line(100, 1, { reliquat: true }), [lycee]), null);
    assert.equal(found(line(100), []), null);
    assert.equal(found(line(100, 1, { name: "Inconnue" }), []), null);
    const far = company(8, 800, 1, { name: "Tout autre chose", city: "Pessac", gaveLastYear: true });
    assert.equal(found(line(999, 1, { name: "Inconnue", place: "Pessac" }), [far]), null);
  });
});

it("cents are split whole, whatever the shares", () => {
  assert.deepEqual(split(100, [1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(split(100, [0, 0]), [50, 50]);
  assert.deepEqual(split(101, [0, 3, 1]), [0, 76, 25]);
  assert.deepEqual(split(1, [1, 1]), [1, 0]);
  for (let cents = 1; cents < 500; cents += 7)
    for (const weights of [
      [4_000, 2_500, 100],
      [1, 9_999],
      [3, 3, 3, 3],
    ])
      assert.equal(
        split(cents, weights).reduce((a, b) => a + b),
        cents,
      );
});

it("names are alike without their legal forms, accents and order", () => {
  assert.equal(likeness("Société Générale SA", "SOCIETE GENERALE"), 1);
  assert.equal(likeness("S.A.R.L. Castéra & fils", "Fils Castera"), 1);
  assert.ok(likeness("Havas", "Havas Media") < 0.6);
  assert.equal(likeness("Cdiscount", "Airbus"), 0);
  assert.equal(likeness("SA", "SA"), 1, "a name of forms alone is itself");
});
