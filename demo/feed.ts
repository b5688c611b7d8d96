/** What each site's export script would write: public/schemas/contacts-1.0.xsd. */
import type { Person } from "#demo/people";

export type Edition = "summer" | "today";

/** The people of a site as one XML file; `now` dates it. */
export function writeFeed(key: string, people: Person[], edition: Edition, now: Date): string {
  const contacts = people
    .filter(({ isNew }) => edition === "today" || !isNew)
    .map((person) => writeContact(edition === "summer" ? { ...person, ...person.before } : person, now));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<contacts source="${key}" version="1.0" generatedAt="${now.toISOString()}">`,
    ...contacts,
    "</contacts>",
    "",
  ].join("\n");
}

function writeContact(person: Person, now: Date): string {
  const { street, postcode, city, post } = person;
  return [
    `  <contact id="${asXml(person.id)}">`,
    ...element("kind", person.kind ?? ""),
    ...element("firstName", person.firstName),
    ...element("lastName", person.lastName),
    ...(person.email ? [`    <email primary="true">${asXml(person.email)}</email>`] : []),
    ...element("graduationYear", person.year === null ? "" : String(person.year)),
    ...element("phone", person.phone),
    ...group("address", "", [
      ["street", street],
      ["postcode", postcode],
      ["city", city],
      ["country", "FR"],
    ]),
    ...element("locale", "fr"),
    ...(post
      ? group("organisation", ` role="${post.role}"`, [
          ["name", post.company.name],
          ["siret", post.company.siret],
          ["jobTitle", post.title],
        ])
      : []),
    ...subscription(person.consentDaysAgo, now),
    "  </contact>",
  ].join("\n");
}

const element = (name: string, text: string, indent = "    "): string[] =>
  text === "" ? [] : [`${indent}<${name}>${asXml(text)}</${name}>`];

const group = (name: string, attributes: string, fields: [string, string][]): string[] => [
  `    <${name}${attributes}>`,
  ...fields.flatMap(([field, text]) => element(field, text, "      ")),
  `    </${name}>`,
];

function subscription(daysAgo: number | null, now: Date): string[] {
  if (daysAgo === null) return [];
  const on = new Date(now.getTime() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  const proof = asXml("formulaire « Rester en contact », case cochée");
  return [
    "    <newsletters>",
    `      <subscribe topic="src" at="${on}" proof="${proof}"/>`,
    "    </newsletters>",
  ];
}

const asXml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
