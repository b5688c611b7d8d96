/** How long each kind of data may be kept: what an administrator chooses among. Pure. */

export type Unit = "days" | "months";
export type RuleName =
  | "contacts"
  | "notice"
  | "deliveries"
  | "returns"
  | "rawMails"
  | "sandbox"
  | "uploads"
  | "importErrors"
  | "signIns"
  | "clicks"
  | "notices"
  | "tasks"
  | "audit";

export type Bounds = { unit: Unit; min: number; max: number };

/**
 * The unit and the bounds of each rule; the durations in force are rows of retention_rules. `contacts` counts from the
 * person's last act, `notice` is how long a proposal waits before it is done, the others count from the data's birth.
 */
export const ruleBounds: Record<RuleName, Bounds> = {
  contacts: { unit: "months", min: 12, max: 120 },
  notice: { unit: "days", min: 7, max: 365 },
  deliveries: { unit: "months", min: 1, max: 60 },
  returns: { unit: "months", min: 1, max: 60 },
  rawMails: { unit: "months", min: 1, max: 36 },
  sandbox: { unit: "days", min: 1, max: 365 },
  uploads: { unit: "days", min: 1, max: 90 },
  importErrors: { unit: "days", min: 7, max: 365 },
  signIns: { unit: "days", min: 30, max: 365 },
  clicks: { unit: "months", min: 1, max: 60 },
  notices: { unit: "months", min: 1, max: 36 },
  tasks: { unit: "months", min: 1, max: 60 },
  audit: { unit: "months", min: 12, max: 120 },
};

export const ruleNames = Object.keys(ruleBounds) as RuleName[];

/** As PostgreSQL reads it: « 36 months ». */
export const intervalOf = (name: RuleName, amount: number) => `${amount} ${ruleBounds[name].unit}`;

/** Who is here for a reason of today, whatever they last did: studies, teaches or works here. */
export const presentKinds = [
  "student_src",
  "student_pub",
  "guest_lecturer",
  "associate_lecturer",
  "staff",
] as const;

/** A source that named the person so lately keeps the link alive: a feed every day, a file once a year. */
export const namedLately = "400 days";

/** A clock is believed up to this far from where it was last believed; a machine that was off longer asks too. */
export const believedLeapDays = 35;

export type ClockReading = { seenAt: Date; databaseNow: Date; processNow: Date };

const day = 86_400_000;

/**
 * Whether time may be believed enough to destroy by it. Years ahead (a dead battery, a restored machine), behind, or
 * two clocks that differ by more than a day: nothing is destroyed until an administrator says that the date is right.
 */
export function isBelievable({ seenAt, databaseNow, processNow }: ClockReading): boolean {
  const leap = databaseNow.getTime() - seenAt.getTime();
  const apart = Math.abs(databaseNow.getTime() - processNow.getTime());
  return leap >= -day && leap <= believedLeapDays * day && apart <= day;
}
