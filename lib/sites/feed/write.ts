/** One of our people as format 1.1 says it: the chosen fields, never a note. Pure. */

type Text = string | null;
export type Given = {
  id: number;
  updatedAt: Date;
  kind: string;
  firstName: string;
  lastName: string;
  graduationYear: Text;
  phone: string;
  website: string;
  street: string;
  postcode: string;
  city: string;
  country: string;
  addresses: string[];
  organisation: { name: string; siret: string; jobTitle: string; role: string } | null;
  /** Whether the partner knows them too; then what it said last. */
  shared: boolean;
  saidFirstName: Text;
  saidLastName: Text;
  saidGraduationYear: Text;
  saidPhone: Text;
  saidWebsite: Text;
  saidStreet: Text;
  saidCity: Text;
  saidAddresses: string[];
};

/** Somebody whom the partner knows too is `partial`: what is left out is no news, and nobody is made of it. */
export function contactXml(one: Given, fields: readonly string[]): string {
  const may = (field: string) => fields.includes(field);
  const news = (value: Text, said: Text) => (one.shared && value === said ? "" : (value ?? ""));
  const moved = !one.shared || one.street !== one.saidStreet || one.city !== one.saidCity;
  const addresses = one.addresses.filter((address) => !one.saidAddresses.includes(address));
  const parts = [
    may("kind") ? element("kind", one.shared ? "" : one.kind) : "",
    element("firstName", news(one.firstName, one.saidFirstName)),
    element("lastName", news(one.lastName, one.saidLastName)),
    ...(addresses.length > 0 ? one.addresses : []).map((address) => element("email", address)),
    may("graduationYear") ? element("graduationYear", news(one.graduationYear, one.saidGraduationYear)) : "",
    may("phone") ? element("phone", news(one.phone, one.saidPhone)) : "",
    may("website") ? element("website", news(one.website, one.saidWebsite)) : "",
    may("address") && moved && one.city ? addressOf(one) : "",
    may("organisation") ? organisationOf(one) : "",
  ];
  const at = one.updatedAt.toISOString();
  return `<contact id="${one.id}" updatedAt="${at}"${one.shared ? ' partial="true"' : ""}>${parts.join("")}</contact>\n`;
}

const addressOf = ({ street, postcode, city, country }: Given) =>
  `<address>${element("street", street)}${element("postcode", postcode)}${element("city", city)}${element("country", country)}</address>`;

const organisationOf = ({ organisation: one }: Given) =>
  one
    ? `<organisation role="${one.role}">${element("name", one.name)}${element("siret", one.siret)}${element("jobTitle", one.jobTitle)}</organisation>`
    : "";

const element = (name: string, value: string) => (value === "" ? "" : `<${name}>${escaped(value)}</${name}>`);

const escaped = (text: string) =>
  text.replace(/[&<>]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[mark] ?? mark);
