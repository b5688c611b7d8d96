/** The demonstration as `bin/demo.ts` runs it. */

import { type Account, ensureAccounts, keepSecrets } from "#demo/accounts";
import { claimDatabase, forgetDemo } from "#demo/claim";
import { type Department, inventDepartment } from "#demo/department";
import { type Figures, readFigures } from "#demo/figures";
import { dressInstallation } from "#demo/settings";
import { ensureSources, serveSites } from "#demo/sites";
import { type Tell, tellStory } from "#demo/story";
import { writeAccounts, writeTable } from "#demo/table";
import { disconnect } from "#lib/machine/db";

/** Connections made before the schema was dropped know types that are gone. */
export async function forget(): Promise<void> {
  await forgetDemo();
  await disconnect();
}

export type Prepared = {
  department: Department;
  accounts: Account[];
  began: Date;
  close: () => Promise<void>;
};

/** The database is ours, its accounts and its two sites are there. */
export async function prepare(): Promise<Prepared> {
  const began = await claimDatabase();
  const department = inventDepartment(began);
  const { accounts, token } = keepSecrets();
  await ensureAccounts(accounts);
  await dressInstallation();
  const sites = await serveSites(department, token);
  await ensureSources(sites.port, token);
  return { department, accounts, began, close: sites.close };
}

export async function tell(step: Tell, { department, began }: Prepared): Promise<Figures> {
  return readFigures(await tellStory(step, department, began));
}

export const write = (figures: Figures, accounts: Account[]) =>
  `${writeTable(figures)}\n\n${writeAccounts(accounts)}`;
