/** Twelve hundred people, as the alumni site and the internship site know them, in summer and today. */
import type { ContactKind } from "#db/enums";
import { type Company, mobile, slug } from "#demo/companies";
import type { Chance } from "#demo/random";
import { cities, decisionTitles, firstNames, jobTitles, lastNames, streets } from "#demo/words";
import type { MarkKey } from "#lib/letters/sandbox/marks";

export type Post = {
  company: Company;
  title: string;
  role: "decision_maker" | "payroll" | "alumnus" | "employee";
};

export type Person = {
  /** On its site. */
  id: string;
  /** Null: the site does not say. */
  kind: ContactKind | null;
  firstName: string;
  lastName: string;
  /** Empty for the few whose address nobody has. */
  email: string;
  year: number | null;
  phone: string;
  street: string;
  postcode: string;
  city: string;
  post: Post | null;
  /** Came after summer: not in the first file. */
  isNew: boolean;
  /** What the first file said instead. */
  before: Partial<Pick<Person, "city" | "postcode" | "phone" | "post">> | null;
  /** Days before today of the consent given on the site; null without one. */
  consentDaysAgo: number | null;
};

export type Sites = { bordeauxelab: Person[]; elabstages: Person[] };

/** How many of each kind; those of `both` are alumni who take trainees, known to the two sites by one address. */
export const headcounts = {
  former_src: 560,
  former_pub: 220,
  student_src: 150,
  student_pub: 110,
  professional: 130,
  guest_lecturer: 14,
  associate_lecturer: 6,
  staff: 10,
  both: 25,
} as const;

/** What the sandbox is asked to do, and for how many of the letter's readers. */
export const marked: Partial<Record<MarkKey, number>> = {
  "rebond-dur": 9,
  "refus-permanent": 6,
  "boite-pleine": 3,
  "rebond-mou": 8,
  "rebond-blocage": 2,
  retard: 2,
  "refus-temporaire": 24,
  absent: 15,
  reponse: 12,
  plainte: 1,
  desabonne: 3,
};

/** Providers of the fictional department, all under .example (RFC 2606). */
const providers = [
  "courriel.example",
  "postel.example",
  "boite.example",
  "lettres.example",
  "aquitel.example",
];

/** `year` is the calendar year of today; students graduate in it or the next. */
export function inventPeople(dice: Chance, companies: Company[], year: number): Sites {
  const invent = inventor(dice, companies, year);
  const of = (kind: Exclude<keyof typeof headcounts, "both">) =>
    Array.from({ length: headcounts[kind] }, () => invent(kind));
  const alumni = [...of("former_src"), ...of("former_pub")];
  const students = [...of("student_src"), ...of("student_pub")];
  const others = [
    ...of("professional"),
    ...of("guest_lecturer"),
    ...of("associate_lecturer"),
    ...of("staff"),
  ];
  employEveryone(dice, companies, others);
  mark(dice, [...alumni, ...students]);
  const tutors = dice
    .some(
      alumni.filter(({ email, isNew }) => email.endsWith(".example") && !email.includes("+") && !isNew),
      headcounts.both,
    )
    .map((person) => tutorOf(person, dice, companies));
  const bordeauxelab = alumni.map((person, i) => ({ ...person, id: String(1001 + i) }));
  const elabstages = [...students, ...others, ...tutors].map((person, i) => ({
    ...person,
    id: `S${20_001 + i}`,
  }));
  return { bordeauxelab, elabstages };
}

function inventor(dice: Chance, companies: Company[], year: number) {
  const taken = new Set<string>();
  const towns = cities.flatMap(({ weight, ...town }) => Array.from({ length: weight }, () => town));
  return (kind: ContactKind): Person => {
    const student = kind.startsWith("student");
    const former = kind.startsWith("former");
    const [firstName, lastName] = fullName(dice, taken);
    const address = `${slug(firstName)}.${slug(lastName)}`;
    const post = student
      ? null
      : former
        ? dice.happens(0.45)
          ? postIn(dice, companies, "alumnus")
          : null
        : postIn(dice, companies, roleOf(dice, kind));
    const town = dice.pick(towns);
    const person: Person = {
      ...{ id: "", kind, firstName, lastName, post, ...town },
      email:
        kind === "professional" && post
          ? `${address}@${post.company.domain}`
          : `${address}@${dice.pick(providers)}`,
      year: student
        ? year + dice.whole(0, 1)
        : former
          ? year - 1 - Math.floor(17 * dice.next() ** 1.3)
          : null,
      phone: dice.happens(0.55) ? mobile(dice) : "",
      street: dice.happens(0.4) ? `${dice.whole(1, 180)} ${dice.pick(streets)}` : "",
      isNew: dice.happens(student ? 0.25 : 0.06),
      before: null,
      consentDaysAgo: dice.happens(0.7) ? dice.whole(100, 900) : null,
    };
    if (former && dice.happens(0.02)) person.email = "";
    if (!person.isNew && dice.happens(0.05)) person.before = earlier(dice, person, towns);
    return person;
  };
}

/** Two people may have one name; never one address. */
function fullName(dice: Chance, taken: Set<string>): [string, string] {
  const [firstName, lastName] = [dice.pick(firstNames), dice.pick(lastNames)];
  const key = slug(`${firstName} ${lastName}`);
  if (taken.has(key)) return fullName(dice, taken);
  taken.add(key);
  return [firstName, lastName];
}

const roleOf = (dice: Chance, kind: ContactKind): Post["role"] =>
  kind !== "professional"
    ? "employee"
    : dice.happens(0.6)
      ? "decision_maker"
      : dice.happens(0.5)
        ? "payroll"
        : "employee";

function postIn(dice: Chance, companies: Company[], role: Post["role"]): Post {
  const title =
    role === "decision_maker"
      ? dice.pick(decisionTitles)
      : role === "payroll"
        ? "gestionnaire de paie"
        : dice.pick(jobTitles);
  return { company: dice.pick(companies), title, role };
}

/** Each of the companies has somebody. */
function employEveryone(dice: Chance, companies: Company[], professionals: Person[]) {
  companies.forEach((company, i) => {
    const person = professionals[i];
    if (person?.kind !== "professional") return;
    person.post = postIn(dice, [company], i % 3 === 2 ? "payroll" : "decision_maker");
    person.email = `${slug(person.firstName)}.${slug(person.lastName)}@${company.domain}`;
    person.isNew = false;
    person.before = null;
  });
}

/** What changed since the first file: a move, a number, a new position. */
function earlier(
  dice: Chance,
  person: Person,
  towns: { city: string; postcode: string }[],
): Person["before"] {
  if (person.post && dice.happens(0.4)) return { post: { ...person.post, title: "stagiaire" } };
  if (person.phone && dice.happens(0.5)) return { phone: mobile(dice) };
  const town = dice.pick(towns.filter(({ city }) => city !== person.city));
  return { city: town.city, postcode: town.postcode };
}

/** Gives their mark to people who were there in summer, so that the letter reaches them for sure. */
function mark(dice: Chance, readers: Person[]) {
  const wanted = Object.entries(marked).flatMap(([key, count]) => Array.from({ length: count }, () => key));
  const chosen = dice.some(
    readers.filter(({ email }) => email !== ""),
    wanted.length,
  );
  wanted.forEach((key, i) => {
    const person = chosen[i];
    if (person) person.email = person.email.replace("@", `+${key}@`);
  });
}

/** The same person on the other site, which does not know what they studied. */
const tutorOf = (person: Person, dice: Chance, companies: Company[]): Person => ({
  ...person,
  kind: null,
  year: null,
  before: null,
  post: person.post ?? postIn(dice, companies, "alumnus"),
  consentDaysAgo: null,
});
