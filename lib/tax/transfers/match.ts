/** Whose money a line is: proposals with what speaks for them. Nothing here decides; a person does. */
import { fold } from "#lib/machine/text";
import { likeness } from "./names.ts";

/** `certain` and `shared` come ticked, the others do not; null is the queue of unknown donors. */
export type Level = "certain" | "shared" | "likely" | "possible";
/** Keys of the catalog (`transfers.reasons`). */
export type Reason =
  | "siret"
  | "matchedBefore"
  | "sirenCovered"
  | "siren"
  | "name"
  | "place"
  | "amount"
  | "lastYear"
  | "formation"
  | "byShare"
  | "noPledge";

export type DonorLine = {
  siret: string;
  name: string;
  place: string;
  formation: string;
  cents: number;
  reliquat: boolean;
};

/** A company that may have given, and its live pledges of the campaign (none: money nobody promised). */
export type Candidate = {
  organisationId: number;
  siret: string | null;
  siren: string | null;
  name: string;
  city: string;
  /** Other SIRET that a person matched with it before: it moved, or was taken over. */
  formerSirets: readonly string[];
  gaveLastYear: boolean;
  pledges: readonly CandidatePledge[];
};
export type CandidatePledge = {
  id: number;
  coversSiren: boolean;
  target: string;
  /** Hundredths of a percent. */
  share: number | null;
  lowCents: number | null;
  highCents: number | null;
};

/** A null pledge: one is to be made, spontaneous. The parts of a proposal add up to the line. */
export type Part = { organisationId: number; pledgeId: number | null; cents: number };
export type Proposal = { level: Level; reasons: Reason[]; parts: Part[] };

/** The best that can be said of one line; null when nobody is known. A reliquat has no donor. */
export function propose(line: DonorLine, candidates: readonly Candidate[]): Proposal | null {
  if (line.reliquat) return null;
  const own = candidates.filter(({ siret }) => siret === line.siret);
  const before = candidates.filter(({ formerSirets }) => formerSirets.includes(line.siret));
  const siren = line.siret.slice(0, 9);
  const group = candidates.filter((one) => one.siren === siren);
  return (
    withPledge(line, own, ["siret"]) ??
    withPledge(line, before, ["matchedBefore"]) ??
    covered(line, group) ??
    likely(line, group) ??
    // Known here without a pledge: certain whose it is, and a pledge is made for it.
    unpledged(own[0], line, "siret") ??
    unpledged(before[0], line, "matchedBefore") ??
    byName(line, candidates)
  );
}

function withPledge(line: DonorLine, companies: Candidate[], reasons: Reason[]): Proposal | null {
  const pledged = companies.flatMap(({ organisationId, pledges }) =>
    pledges.map((pledge) => ({ organisationId, pledge })),
  );
  return dealt(line, pledged, reasons);
}

type Pledged = { organisationId: number; pledge: CandidatePledge };

/** One pledge takes all; several share: the one named by the formation, else by their percentages. */
function dealt(line: DonorLine, pledged: Pledged[], reasons: Reason[]): Proposal | null {
  const [only, second] = pledged;
  if (!only) return null;
  const whole = ({ organisationId, pledge }: Pledged): Part[] => [
    { organisationId, pledgeId: pledge.id, cents: line.cents },
  ];
  if (!second) return { level: "certain", reasons, parts: whole(only) };
  const named = pledged.filter(({ pledge }) => isFor(pledge.target, line.formation));
  if (named.length === 1 && named[0])
    return { level: "shared", reasons: [...reasons, "formation"], parts: whole(named[0]) };
  const parts = split(
    line.cents,
    pledged.map(({ pledge }) => pledge.share ?? 0),
  );
  return {
    level: "shared",
    reasons: [...reasons, "byShare"],
    parts: pledged
      .map(({ organisationId, pledge }, at) => ({
        organisationId,
        pledgeId: pledge.id,
        cents: parts[at] ?? 0,
      }))
      .filter(({ cents }) => cents > 0),
  };
}

function isFor(target: string, formation: string): boolean {
  const [wanted, told] = [fold(target), fold(formation)];
  return wanted !== "" && told !== "" && (told.includes(wanted) || wanted.includes(told));
}

/** Whole cents in proportion to the weights, equal ones where there are none; what is left over goes to the first ones. */
export function split(cents: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const used = sum > 0 ? weights : weights.map(() => 1);
  const total = sum > 0 ? sum : weights.length;
  const parts = used.map((weight) => Number((BigInt(cents) * BigInt(weight)) / BigInt(total)));
  let left = cents - parts.reduce((done, part) => done + part, 0);
  return parts.map((part, at) => ((used[at] ?? 0) > 0 && left > 0 ? part + Math.sign(left--) : part));
}

/** A pledge of the whole company takes what any of its establishments pays (SOLTéA’s groups: domain A8). */
function covered(line: DonorLine, group: Candidate[]): Proposal | null {
  const pledged = group.flatMap(({ organisationId, pledges }) =>
    pledges.filter(({ coversSiren }) => coversSiren).map((pledge) => ({ organisationId, pledge })),
  );
  return dealt(line, pledged, ["sirenCovered"]);
}

/** Another establishment of the same company promised for itself: the one of the same place first. */
function likely(line: DonorLine, group: Candidate[]): Proposal | null {
  const promised = group.filter(({ pledges }) => pledges.length > 0);
  const near = promised.filter(({ city }) => isAt(city, line.place));
  const [chosen] = near.length > 0 ? near : promised;
  const [pledge] = chosen?.pledges ?? [];
  if (!chosen || !pledge) return null;
  const parts = [{ organisationId: chosen.organisationId, pledgeId: pledge.id, cents: line.cents }];
  return { level: "likely", reasons: near.length > 0 ? ["siren", "place"] : ["siren"], parts };
}

function unpledged(company: Candidate | undefined, line: DonorLine, reason: Reason): Proposal | null {
  if (!company) return null;
  const parts = [{ organisationId: company.organisationId, pledgeId: null, cents: line.cents }];
  return { level: "certain", reasons: [reason, "noPledge"], parts };
}

/** Measured on hand-made pairs: half of the true ones reach 0.6, and a third of the false ones, hence the second witness. */
const alike = 0.6;
const ahead = 0.15;

function byName(line: DonorLine, candidates: readonly Candidate[]): Proposal | null {
  if (line.name === "") return null;
  const [best, next] = candidates
    .map((candidate) => ({ candidate, score: likeness(line.name, candidate.name) }))
    .sort((a, b) => b.score - a.score);
  if (!best || best.score < alike || best.score - (next?.score ?? 0) < ahead) return null;
  const { candidate } = best;
  const pledge = candidate.pledges[0] ?? null;
  const witnesses: Reason[] = [];
  if (isAt(candidate.city, line.place)) witnesses.push("place");
  if (pledge && inBand(line.cents, pledge)) witnesses.push("amount");
  if (candidate.gaveLastYear) witnesses.push("lastYear");
  if (witnesses.length === 0) return null;
  const parts = [
    { organisationId: candidate.organisationId, pledgeId: pledge?.id ?? null, cents: line.cents },
  ];
  return {
    level: "possible",
    reasons: ["name", ...witnesses, ...(pledge ? [] : ["noPledge" as const])],
    parts,
  };
}

/** Between what was expected less the highest fees and less the lowest. */
const inBand = (cents: number, { lowCents, highCents }: CandidatePledge) =>
  lowCents !== null && highCents !== null && cents >= lowCents * 0.958 && cents <= highCents * 0.975;

function isAt(city: string, place: string): boolean {
  const [town, told] = [fold(city), fold(place)];
  return town !== "" && ` ${told.replace(/[^a-z0-9]+/g, " ")} `.includes(` ${town} `);
}
