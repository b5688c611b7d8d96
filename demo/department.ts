/** The fictional department, always the same on a given day of its story. */
import { type Company, inventCompanies } from "#demo/companies";
import { type Edition, writeFeed } from "#demo/feed";
import { inventPeople, type Sites } from "#demo/people";
import { chance } from "#demo/random";

export const sources = [
  { key: "bordeauxelab", name: "Bordeaux eLab, site des anciens", defaultKind: "former_src" },
  { key: "elabstages", name: "ElabStages, site des stages", defaultKind: "professional" },
] as const;
export type SourceKey = (typeof sources)[number]["key"];

export type Department = {
  companies: Company[];
  sites: Sites;
  feed(key: SourceKey, edition: Edition): string;
};

/** `began` is when this demonstration was started: a resumed one must write the same files, to the byte. */
export function inventDepartment(began: Date, seed = 33): Department {
  const dice = chance(seed);
  const companies = inventCompanies(dice);
  const sites = inventPeople(dice, companies, began.getFullYear());
  return { companies, sites, feed: (key, edition) => writeFeed(key, sites[key], edition, began) };
}
