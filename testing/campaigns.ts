/** Rows for the tests of campaigns and segments: small people, one field changed at a time. */

import type { Prisma } from "#db/client";
import { createCampaign, saveDraft } from "#lib/letters/campaigns/mutations";
import type { DraftInput } from "#lib/letters/campaigns/schema";
import { db } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import type { Criteria } from "#lib/people/segments/schema";
import { suppress } from "#lib/people/suppressions/mutations";

type Person = Partial<Omit<Prisma.ContactUncheckedCreateInput, "addresses">> & {
  addresses?: {
    address: string;
    isPrimary?: boolean;
    standing?: "ok" | "soft" | "hard" | "complaint";
    softBounces?: number;
  }[];
};

let made = 0;

/** A former SRC student with one good primary address, unless told otherwise; a dead one is suppressed, as verdicts do. Returns the id. */
export async function person({ addresses, ...fields }: Person = {}): Promise<number> {
  made++;
  const given = addresses ?? [{ address: `person${made}@example.org`, isPrimary: true }];
  const { id } = await db.contact.create({
    data: {
      kind: "former_src",
      lastName: `Person ${made}`,
      ...fields,
      addresses: { create: given.map((a) => ({ ...a, addressHash: hashAddress(a.address) })) },
    },
    select: { id: true },
  });
  const reasons = { hard: "hard_bounce", complaint: "complaint" } as const;
  for (const { address, standing = "ok" } of given)
    if (standing === "hard" || standing === "complaint")
      await suppress({ addressHash: hashAddress(address), topicId: null, reason: reasons[standing] });
  return id;
}

export const everyone: Criteria = { match: "all", groups: [] };

export async function segment(criteria: Criteria = everyone): Promise<number> {
  return (await db.segment.create({ data: { name: "Segment", criteria }, select: { id: true } })).id;
}

export const letter: DraftInput["blocks"] = [
  { id: "b1", type: "text", markdown: "Bonjour [le site](https://example.org/a)" },
];

/** A draft that may be launched. */
export async function readyCampaign(changes: Partial<DraftInput> = {}): Promise<number> {
  const user = await db.user.upsert({
    where: { email: "teacher@example.org" },
    update: {},
    create: { email: "teacher@example.org", name: "Teacher", role: "teacher" },
    select: { id: true },
  });
  const { id } = await createCampaign("src", "Lettre", user.id);
  const { topicId, identityId } = await db.campaign.findUniqueOrThrow({
    where: { id },
    select: { topicId: true, identityId: true },
  });
  const saved = await saveDraft(id, 0, {
    name: "Lettre",
    topicId,
    identityId,
    segmentId: changes.segmentId ?? (await segment()),
    subject: "Des nouvelles",
    preheader: "",
    issue: "",
    signature: "",
    blocks: letter,
    ...changes,
  });
  if (!saved.ok) throw new Error(saved.reason);
  return id;
}

export const statusOf = async (id: number) =>
  (await db.campaign.findUniqueOrThrow({ where: { id }, select: { status: true } })).status;
