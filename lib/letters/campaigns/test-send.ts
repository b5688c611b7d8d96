/** A campaign sent to a few colleagues before anybody else sees it. */
import { words } from "#emails/words";
import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { getHouse } from "#lib/department/settings/house";
import { type Composition, composeCampaign } from "#lib/letters/campaigns/content";
import { findSample } from "#lib/letters/campaigns/queries";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { findLocale } from "#lib/letters/deliveries/locale";
import { db } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";

/**
 * Queues one letter to each address, marked as a test in its reader's language and personalised as for the sample
 * contact. The links are not counted. Works on a draft as it stands; refused when there is no identity to write from, or nothing to read.
 */
export async function sendTest(
  id: number,
  to: string[],
  sampleId: number | null,
  by: By,
): Promise<Result<{ sent: number }>> {
  const campaign = await findTested(id);
  if (!campaign) return refused("notFound");
  if (campaign.identityId === null || campaign.identity?.archivedAt !== null) return refused("senderGone");
  const { html, text, subject, findings } = await composeCampaign(campaign, await getHouse());
  // Nothing to read, or personalisations that would be read out as they were typed.
  if (findings.some(({ code }) => unreadable.includes(code))) return refused("contentErrors");
  const variables = (sampleId === null ? null : await findSample(sampleId, campaign.topicId)) ?? {};
  const letter = {
    kind: "test" as const,
    html,
    text,
    variables,
    campaignId: id,
    topicId: campaign.topicId,
    identityId: campaign.identityId,
  };
  const marks = await Promise.all(to.map(async (address) => words[await findLocale(address)].test));
  return audited(actOn("campaign.tested", id, by, { recipients: to.length }), async (client) => {
    for (const [i, address] of to.entries())
      await enqueueLetter({ ...letter, subject: `[${marks[i]}] ${subject}`, to: address }, client);
    return { ok: true, sent: to.length };
  });
}

const unreadable = [
  "tooIntricate",
  "badLiquid",
  "literalOnly",
  "unclosed",
  "tagNotAllowed",
  "filterNotAllowed",
  "unknownVariable",
  "curlyQuotes",
];

const findTested = (
  id: number,
): Promise<
  | (Composition & {
      topicId: number;
      identityId: number | null;
      identity: { archivedAt: Date | null } | null;
    })
  | null
> =>
  db.campaign.findUnique({
    where: { id },
    select: {
      topicId: true,
      identityId: true,
      model: true,
      subject: true,
      preheader: true,
      issue: true,
      signature: true,
      blocks: true,
      identity: { select: { archivedAt: true } },
    },
  });
