/** One way to do each audited mutation, for the tests: prepared first, so that only the act itself can fail. */

import { saveAttachmentsFolder } from "#lib/department/settings/attachments-folder";
import { saveBranding, saveLegal } from "#lib/department/settings/mutations";
import { legalInput } from "#lib/department/settings/schema";
import { keepFile } from "#lib/letters/campaigns/files";
import { keepImage } from "#lib/letters/campaigns/images";
import * as campaigns from "#lib/letters/campaigns/mutations";
import {
  cancelCampaign,
  duplicateCampaign,
  pauseCampaign,
  resumeCampaign,
} from "#lib/letters/campaigns/mutations";
import { sendTest } from "#lib/letters/campaigns/test-send";
import { settleUnknown } from "#lib/letters/deliveries/unknown";
import { clearSandbox } from "#lib/letters/sandbox/mutations";
import { db, sql } from "#lib/machine/db";
import { hold } from "#lib/machine/installation/hold";
import { confirmClock } from "#lib/office/privacy/clock";
import { eraseContact } from "#lib/office/privacy/erase";
import { setRetention } from "#lib/office/privacy/mutations";
import { approveErasures, keepContact } from "#lib/office/privacy/reviews";
import { acknowledgeRestore } from "#lib/office/restores/mutations";
import * as contacts from "#lib/people/contacts/mutations";
import { newContact } from "#lib/people/contacts/schema";
import * as affiliations from "#lib/people/organisations/affiliate";
import * as organisations from "#lib/people/organisations/mutations";
import { organisationInput } from "#lib/people/organisations/schema";
import * as segments from "#lib/people/segments/mutations";
import { changeSubscription } from "#lib/people/subscriptions/by-staff";
import * as sources from "#lib/sites/sources/mutations";
import { dialectInput, mappingInput, sourceInput } from "#lib/sites/sources/schema";
import { renewSecret } from "#lib/sites/sources/secret";
import { receiveUpload } from "#lib/sites/sources/upload";
import * as companies from "#lib/tax/companies/mutations";
import { declaredInput, estimatedInput, stanceInput } from "#lib/tax/companies/schema";
import * as follow from "#lib/tax/pledges/follow";
import { solicitByLetter } from "#lib/tax/pledges/letter";
import * as pledges from "#lib/tax/pledges/mutations";
import {
  contactLogInput,
  directPaymentInput,
  editInput,
  moveInput,
  pledgeInput,
} from "#lib/tax/pledges/schema";
import * as years from "#lib/tax/years/mutations";
import { calendarInput, establishmentInput } from "#lib/tax/years/schema";
import { person, readyCampaign } from "#testing/campaigns";
import { givePublicAddress } from "#testing/deliveries";
import { photo } from "#testing/pictures";
import { once } from "#testing/sources";

type Done = { ok: boolean };
/** Prepares, then gives what does it in the name of `by`. */
export type Act = (by: number) => Promise<() => Promise<Done>>;

let made = 0;
/** A campaign of the tax that nothing is known of. */
const freshCampaign = () => 2030 + (++made % 70);

const fresh = (word: string) => `${word}${++made}`;

/** A mutation of one row that is there: `id`, and whoever acts. */
const on =
  (give: (by: number) => Promise<number>, act: (id: number, by: number) => Promise<Done>): Act =>
  async (by) => {
    const id = await give(by);
    return () => act(id, by);
  };

const now =
  (act: (by: number) => Promise<Done>): Act =>
  async (by) =>
  () =>
    act(by);

const contact = () => person();
const archived = async () => person({ archivedAt: new Date() });
const address = async (id: number) =>
  (await db.emailAddress.findFirstOrThrow({ where: { contactId: id }, orderBy: { id: "desc" } })).id;
const contactForm = {
  kind: "staff",
  firstName: "",
  lastName: "Durand",
  graduationYear: "",
  phone: "",
  street: "",
};
const contactRest = { postcode: "", city: "", country: "FR", website: "", notes: "", locale: "fr" };
const contactFields = (email: string) => newContact.parse({ ...contactForm, ...contactRest, email });

const organisationForm = (name: string) =>
  organisationInput.parse({
    ...{ name, siren: "", siret: "", sector: "", headcount: "", phone: "", email: "", website: "" },
    ...{ street: "", postcode: "", city: "", country: "FR", notes: "" },
  });
const organisation = async () => (await db.organisation.create({ data: { name: fresh("Agence") } })).id;

async function draft() {
  await givePublicAddress();
  await person();
  return readyCampaign();
}
const whenIn = {
  draft: {},
  scheduled: { scheduledFor: new Date() },
  sending: { launchedAt: new Date() },
  paused: { launchedAt: new Date(), pausedAt: new Date() },
};
const campaignIn =
  (status: "draft" | "scheduled" | "sending" | "paused", archivedAt: Date | null = null) =>
  async () => {
    const id = await draft();
    await db.campaign.update({ where: { id }, data: { status, archivedAt, ...whenIn[status] } });
    return id;
  };
const seen = async (
  id: number,
  launch: (seen: number) => Promise<Done & { params?: { count?: unknown } }>,
) => {
  const first = await launch(-id);
  return Number(first.params?.count);
};

const segment = async () =>
  (await db.segment.create({ data: { name: "S", criteria: { match: "all", groups: [] } } })).id;
const source = async () =>
  (await db.source.create({ data: { key: fresh("src"), name: "Site", defaultKind: "former_src" } })).id;
const runToUndo = async () => {
  const [run] = await sql<{ id: number }>`
    with set as (insert into change_sets (kind) values ('sync') returning id),
    change as (insert into changes (set_id, contact_id, after) select id, ${await person()}, '{}' from set)
    insert into sync_runs (source_id, origin, status, finished_at, change_set_id)
    select ${await source()}, 'pull', 'succeeded', now(), id from set returning id`;
  return run?.id ?? 0;
};
const runToStop = async () => {
  const [run] = await sql<{ id: number }>`
    insert into sync_runs (source_id, origin, status) values (${await source()}, 'pull', 'running') returning id`;
  return run?.id ?? 0;
};
/** A run whose proposal waits, its file kept. */
const runToDecide = async () => {
  const [run] = await sql<{ id: number }>`
    with set as (insert into change_sets (kind, status) values ('sync', 'waiting') returning id)
    insert into sync_runs (source_id, origin, status, finished_at, proposal_id)
    select ${await source()}, 'pull', 'held', now(), id from set returning id`;
  await sql`insert into sync_chunks (run_id, n, bytes) values (${run?.id}, 0, '')`;
  return run?.id ?? 0;
};
const sourceForm = () =>
  sourceInput.parse({ name: "Site", key: fresh("key"), url: "", defaultKind: "former_src" });
const gone = (give: () => Promise<number>, table: string) => async () => {
  const id = await give();
  await db.$executeRawUnsafe(`update ${table} set archived_at = now() where id = ${id}`);
  return id;
};
const proposed = async () => {
  const id = await person();
  await sql`insert into contact_reviews (contact_id, last_act_at) values (${id}, now())`;
  return id;
};
/** A pledge still to solicit, in a campaign of which nothing is known. */
const pledge = async () =>
  (await db.pledge.create({ data: { organisationId: await organisation(), campaignYear: 2030 } })).id;
const company = { campaignYear: 2030, base: "1 000", headcount: 40, sector: "any", reason: "asked" };
const told = async () => ({ ...company, organisationId: await organisation() });
const payment = async () =>
  (
    await db.directPayment.create({
      data: {
        organisationId: await organisation(),
        campaignYear: 2030,
        cents: 5,
        means: "cheque",
        cameOn: new Date(),
      },
    })
  ).id;
const look = { name: "SRC", shortName: "SRC", primaryColor: "#1f4fd8", accentColor: "#c2255c" };
const pdf = Buffer.from("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n");

export const acts: Record<string, Act> = {
  createContact: now((by) => contacts.createContact(contactFields(`${fresh("n")}@src.example`), by)),
  editContact: async (by) => {
    const id = await person();
    const { updatedAt } = await db.contact.findUniqueOrThrow({ where: { id } });
    return () => contacts.editContact(id, updatedAt, contactFields(""), by);
  },
  archiveContact: on(contact, contacts.archiveContact),
  restoreContact: on(archived, contacts.restoreContact),
  addAddress: on(contact, (id, by) => contacts.addAddress(id, `${fresh("a")}@src.example`, by)),
  removeAddress: on(async () => address(await person()), contacts.removeAddress),
  correctAddress: on(
    async () => address(await person()),
    (id, by) => contacts.correctAddress(id, `${fresh("corrected")}@src.example`, by),
  ),
  makePrimary: on(async () => {
    const id = await person();
    await contacts.addAddress(id, `${fresh("second")}@src.example`, null as never);
    return address(id);
  }, contacts.makePrimary),
  changeSubscription: on(contact, (contactId, by) =>
    changeSubscription({ contactId, topicId: 1, subscribed: false, proof: "au téléphone" }, by),
  ),
  eraseContact: on(contact, (id, by) => eraseContact(id, "request", by)),
  keepContact: on(proposed, keepContact),
  approveErasures: on(proposed, (id, by) => approveErasures([id], by)),
  confirmClock: now(confirmClock),
  setRetention: now((by) => setRetention({ sandbox: 3 + (++made % 20) }, by)),

  createOrganisation: now((by) => organisations.createOrganisation(organisationForm(fresh("Agence")), by)),
  editOrganisation: async (by) => {
    const id = await organisation();
    const { updatedAt } = await db.organisation.findUniqueOrThrow({ where: { id } });
    return () => organisations.editOrganisation(id, updatedAt, organisationForm(fresh("Autre")), by);
  },
  archiveOrganisation: on(organisation, organisations.archiveOrganisation),
  restoreOrganisation: on(gone(organisation, "organisations"), organisations.restoreOrganisation),
  addAffiliation: async (by) => {
    const place = {
      contactId: await person(),
      organisationId: await organisation(),
      role: "payroll",
      jobTitle: "",
    } as const;
    return () => affiliations.addAffiliation(place, by);
  },
  removeAffiliation: async (by) => {
    const place = {
      contactId: await person(),
      organisationId: await organisation(),
      role: "payroll",
    } as const;
    const { id } = await db.affiliation.create({ data: place });
    return () => affiliations.removeAffiliation(id, by);
  },

  createSegment: now((by) => segments.createSegment("S", { match: "all", groups: [] }, by)),
  updateSegment: on(segment, (id, by) => segments.updateSegment(id, "T", { match: "all", groups: [] }, by)),
  archiveSegment: on(segment, segments.archiveSegment),
  restoreSegment: on(gone(segment, "segments"), segments.restoreSegment),

  createSource: now((by) => sources.createSource(sourceForm(), by)),
  editSource: on(source, (id, by) => sources.editSource(id, sourceForm(), by)),
  translateSource: on(source, (id, by) =>
    sources.translateSource(
      dialectInput.parse({ id, record: "eleve", "path-id": "@id", "path-lastName": "nom" }),
      by,
    ),
  ),
  mapSource: on(source, (id, by) => sources.mapSource(mappingInput.parse({ id, table: "t", key: "id" }), by)),
  renewSecret: on(source, renewSecret),
  archiveSource: on(source, sources.archiveSource),
  restoreSource: on(gone(source, "sources"), sources.restoreSource),
  undoRun: on(runToUndo, sources.undoRun),
  cancelRun: on(runToStop, sources.cancelRun),
  applyDecision: on(runToDecide, sources.applyDecision),
  replayRun: on(runToDecide, sources.replayRun),
  receiveUpload: on(source, (id, by) => receiveUpload(id, "f.xml", once("<contacts/>"), by)),

  createCampaign: now((by) => campaigns.createCampaign("src", "Lettre", by)),
  duplicateCampaign: on(draft, (id, by) => duplicateCampaign(id, "Copie", by)),
  archiveCampaign: on(draft, campaigns.archiveCampaign),
  restoreCampaign: on(campaignIn("draft", new Date()), campaigns.restoreCampaign),
  requestLaunch: async (by) => {
    const id = await draft();
    const count = await seen(id, (n) => campaigns.requestLaunch(id, n, by));
    return () => campaigns.requestLaunch(id, count, by);
  },
  scheduleCampaign: async (by) => {
    const id = await draft();
    const count = await seen(id, (n) => campaigns.scheduleCampaign(id, n, "2999-01-01T10:00", by));
    return () => campaigns.scheduleCampaign(id, count, "2999-01-01T10:00", by);
  },
  unscheduleCampaign: on(campaignIn("scheduled"), campaigns.unscheduleCampaign),
  pauseCampaign: on(campaignIn("sending"), pauseCampaign),
  resumeCampaign: on(campaignIn("paused"), resumeCampaign),
  cancelCampaign: on(campaignIn("sending"), cancelCampaign),
  sendTest: on(draft, (id, by) => sendTest(id, ["moi@src.example"], null, by)),
  settleUnknown: async (by) => {
    const id = await draft();
    await sql`update campaigns set status = 'sending', launched_at = now() where id = ${id}`;
    await sql`
      with ct as (insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text)
        select 'campaign', id, topic_id, identity_id, '', '', '' from campaigns where id = ${id} returning id)
      insert into deliveries (content_id, campaign_id, address, address_hash, status, unknown_at)
      select id, ${id}::int, 'x@src.example', sha256('x'), 'unknown', now() from ct`;
    return () => settleUnknown(id, "sent", by);
  },
  keepFile: now((by) => keepFile(pdf, "a.pdf", by)),
  keepImage: now((by) => keepImage(photo, by)),

  clearSandbox: now(clearSandbox),
  acknowledgeRestore: async (by) => {
    await hold("restored");
    return () => acknowledgeRestore(by);
  },
  saveBranding: now((by) => saveBranding({ ...look, name: fresh("Nom") }, by)),
  saveEstablishment: now((by) =>
    years.saveEstablishment(
      establishmentInput.parse({ campaignYear: freshCampaign(), uai: "", iban: "", goal: "" }),
      by,
    ),
  ),
  saveCalendar: now((by) => {
    const campaignYear = freshCampaign();
    return years.saveCalendar(
      calendarInput.parse({ campaignYear, source: "Arrêté", contribution: `${campaignYear}-05-15` }),
      by,
    );
  }),
  declareBase: async (by) => {
    const input = declaredInput.parse(await told());
    return () => companies.declareBase(input, by);
  },
  estimateFrom: async (by) => {
    const input = estimatedInput.parse(await told());
    return () => companies.estimateFrom(input, by);
  },
  setStance: async (by) => {
    const input = stanceInput.parse(await told());
    return () => companies.setStance(input, by);
  },
  recordDirectPayment: async (by) => {
    const means = { amount: "12,50", means: "cheque", cameOn: "2030-05-02" };
    const input = directPaymentInput.parse({ ...(await told()), ...means });
    return () => follow.recordDirectPayment(input, by);
  },
  returnDirectPayment: on(payment, (id, by) => follow.returnDirectPayment(id, "2030-06-01", by)),
  openCampaign: async (by) => {
    const place = {
      contactId: await person(),
      organisationId: await organisation(),
      role: "payroll",
    } as const;
    await db.affiliation.create({ data: place });
    const year = freshCampaign();
    return () => follow.openCampaign(year, by);
  },
  editPledge: on(pledge, (id, by) =>
    follow.editPledge(editInput.parse({ id, version: 1, covers: "siren", nextStep: "Rappeler" }), by),
  ),
  logContact: on(pledge, (id, by) =>
    follow.logContact(contactLogInput.parse({ id, kind: "called", note: "oui" }), by),
  ),
  solicitByLetter: async (by) => {
    const [campaignId, organisationId, contactId] = [
      await campaignIn("sending")(),
      await organisation(),
      await person(),
    ];
    await db.affiliation.create({ data: { contactId, organisationId, role: "payroll" } });
    await db.pledge.create({ data: { organisationId, campaignYear: 2030 } });
    await sql`update campaigns set topic_id = (select id from topics where key = 'taxe') where id = ${campaignId}`;
    await sql`
      with ct as (insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text)
        select 'campaign', id, topic_id, identity_id, '', '', '' from campaigns where id = ${campaignId} returning id)
      insert into deliveries (content_id, campaign_id, contact_id, address, address_hash, status, settled_at)
      select id, ${campaignId}::int, ${contactId}::int, 'y@src.example', sha256('y'), 'sent', now() from ct`;
    return () => solicitByLetter({ campaignYear: 2030, campaignId }, by);
  },
  createPledge: async (by) => {
    const input = pledgeInput.parse({ campaignYear: 2030, organisationId: await organisation() });
    return () => pledges.createPledge(input, by);
  },
  movePledge: on(pledge, (id, by) =>
    pledges.movePledge(moveInput.parse({ id, version: 1, to: "solicited" }), by),
  ),
  saveAttachmentsFolder: now((by) => saveAttachmentsFolder({ folder: "" }, by)),
  saveLegal: now((by) =>
    saveLegal(
      legalInput.parse({
        ...{
          postalAddress: fresh("rue"),
          controller: "",
          dpoEmail: "",
          privacyUrl: "",
          secretariatEmail: "",
        },
        publicUrl: "https://src.example",
      }),
      by,
    ),
  ),
};
