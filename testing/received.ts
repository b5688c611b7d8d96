/** Rows the tests of the return path start from: people, a campaign launched to them, its deliveries. */

import { messageId } from "#lib/letters/deliveries/message-id";
import { db } from "#lib/machine/db";
import { foldAddress, hashAddress } from "#lib/machine/seal";
import { nameOf } from "#testing/names";

let made = 0;

/** A contact with one primary address, subscribed to the SRC newsletter. */
export async function givePerson(address: string) {
  const folded = foldAddress(address);
  return db.contact.create({
    data: {
      kind: "former_src",
      lastName: `Martin ${++made}`,
      addresses: { create: { address: folded, addressHash: hashAddress(folded), isPrimary: true } },
      subscriptions: { create: { topicId: 1, subscribedAt: new Date() } },
    },
    select: { id: true, addresses: { select: { id: true, address: true } } },
  });
}

/** One campaign of the topic, sent through the sandbox to these people. Returns the deliveries in order. */
export async function giveCampaign(contactIds: number[], topicId = 1) {
  const identity = await db.identity.findFirstOrThrow({ where: { isDefault: true } });
  const segment = await db.segment.create({ data: { name: "Tous", criteria: { match: "all", groups: [] } } });
  const campaign = await db.campaign.create({
    data: {
      name: `Lettre ${++made}`,
      model: "src",
      topicId,
      subject: "Bonjour",
      status: "sent",
      launchedAt: new Date(),
      identityId: identity.id,
      segmentId: segment.id,
      contents: {
        create: {
          kind: "campaign",
          topicId,
          identityId: identity.id,
          subject: "Bonjour {{ contact.firstName }}",
          html: "<p>Bonjour {{ contact.firstName }}</p>",
          text: "Bonjour",
          links: ["https://iut.example/stages"],
        },
      },
    },
    select: { id: true, contents: { select: { id: true } } },
  });
  const people = await db.contact.findMany({
    where: { id: { in: contactIds } },
    select: { id: true, addresses: true },
    orderBy: { id: "asc" },
  });
  const deliveries = [];
  for (const { id, addresses } of people) {
    const address = addresses[0]?.address ?? "";
    const delivery = await db.delivery.create({
      data: {
        campaignId: campaign.id,
        contentId: campaign.contents[0]?.id ?? 0,
        contactId: id,
        address,
        addressHash: hashAddress(address),
        status: "sent",
        settledAt: new Date(),
        relayId: identity.relayId,
      },
    });
    deliveries.push({
      id: delivery.id,
      contactId: id,
      address,
      messageId: messageId(await nameOf(delivery.id), "src.example"),
    });
  }
  return { campaignId: campaign.id, relayId: identity.relayId, deliveries };
}

/** The counters the campaign's screen shows. */
export async function totalsOf(campaignId: number) {
  const { _sum } = await db.campaignTotal.aggregate({
    where: { campaignId },
    _sum: { hardBounced: true, softBounced: true, replied: true, unsubscribed: true, complained: true },
  });
  return _sum;
}
