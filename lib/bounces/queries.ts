import { db } from "#lib/db";

const select = {
  id: true,
  at: true,
  class: true,
  verdict: true,
  blame: true,
  status: true,
  reason: true,
  diagnostic: true,
  receivedMailId: true,
} as const;

/** Every verdict about one delivery, oldest first. */
export const listBouncesOfDelivery = (deliveryId: number) =>
  db.bounce.findMany({ where: { deliveryId }, select, orderBy: { id: "asc" }, take: 50 });

/** The latest verdicts about a contact's addresses. */
export const listBouncesOfContact = (contactId: number) =>
  db.bounce.findMany({
    where: { delivery: { contactId } },
    select: {
      ...select,
      delivery: { select: { id: true, address: true, campaign: { select: { id: true, name: true } } } },
    },
    orderBy: { id: "desc" },
    take: 50,
  });
