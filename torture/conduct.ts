/** How the SMTP server misbehaves: what it was told to do wrong, how often, and whom it refuses whatever happens. */
import { shareOf } from "./random.ts";

export type Step = "banner" | "ehlo" | "starttls" | "auth" | "mail" | "rcpt" | "data" | "body" | "end";

/**
 * What the server does instead of what it should. At the end of DATA `taken` says whether it took the message before
 * it fell silent: the client cannot know, which is the point.
 */
export type Act =
  | { kind: "say"; reply: string }
  | { kind: "wait"; milliseconds: number; taken: boolean }
  | { kind: "drop"; taken: boolean }
  | { kind: "halfClose"; taken: boolean }
  | { kind: "silence"; taken: boolean }
  | { kind: "garble" }
  | { kind: "stranger" };

type Incident = { step: Step; act: Act; left: number; times: number; every: number; met: number };

/** A refusal that belongs to a recipient. */
type Refusal = { step: Step; reply: string };

const permanent: readonly Refusal[] = [
  { step: "rcpt", reply: "550 5.1.1 The email account that you tried to reach does not exist: user unknown" },
  { step: "rcpt", reply: "550 5.2.1 The email account that you tried to reach is inactive" },
  { step: "data", reply: "554 5.5.1 Error: no valid recipients" },
  { step: "end", reply: "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table" },
];
const temporary: readonly Refusal[] = [
  { step: "rcpt", reply: "450 4.2.0 Recipient address rejected: Greylisted, see http://postgrey.example" },
  { step: "rcpt", reply: "452 4.2.2 The recipient's inbox is out of storage space" },
  { step: "data", reply: "451 4.3.0 Mail server temporarily rejected message" },
  { step: "end", reply: "451 4.3.0 Multiple destination domains per transaction is unsupported, try again" },
];

export type Conduct = {
  /** From now on: `times` times, at every `every`th occasion. */
  arm(step: Step, act: Act, times: number, every?: number): void;
  /** These shares of the recipients are refused: for good, and at their first try. */
  refuse(shares: { permanent?: number; temporary?: number }): void;
  /** What to do wrong at this step, or null to behave. */
  decide(step: Step, address: string): Act | null;
  /** The reply this recipient is refused for good with at this step, or null. */
  refusal(step: Step, address: string): string | null;
  /** Connections to end after their present message, so that new ones are made. */
  hangUps: number;
  /** How often a message was left without an answer: each may have to be settled by people. */
  unanswered(): number;
  /** How many incidents are still to come. */
  pending(): number;
  /** Behaves from now on, but for the recipients that do not exist. Returns the incidents that never came up. */
  calm(): string[];
};

export function createConduct(seed: number): Conduct {
  let incidents: Incident[] = [];
  const refused = { permanent: 0, temporary: 0 };
  const heard = new Set<string>();
  let unanswered = 0;

  /** The one refusal among `table` that belongs to this address, when it is in this share of all addresses. */
  const belongs = (table: readonly Refusal[], share: number, step: Step, address: string, salt: string) => {
    const place = shareOf(seed, `${salt}${address}`);
    if (place >= share) return null;
    const one = table[Math.floor((place / share) * table.length)];
    return one?.step === step ? one.reply : null;
  };
  const refusal = (step: Step, address: string) =>
    belongs(permanent, refused.permanent, step, address, "permanent");

  return {
    arm: (step, act, times, every = 1) =>
      void incidents.push({ step, act, left: times, times, every, met: 0 }),
    refuse: (shares) => void Object.assign(refused, shares),
    refusal,
    decide: (step, address) => {
      for (const incident of incidents) {
        if (incident.step !== step || incident.left === 0 || ++incident.met % incident.every !== 0) continue;
        incident.left--;
        const { kind } = incident.act;
        if (step === "end" && (kind === "drop" || kind === "halfClose" || kind === "silence")) unanswered++;
        if (step === "body") unanswered++;
        return incident.act;
      }
      if (!address) return null;
      const forGood = refusal(step, address);
      if (forGood) return { kind: "say", reply: forGood };
      const forNow = heard.has(address)
        ? null
        : belongs(temporary, refused.temporary, step, address, "temporary");
      if (!forNow) return null;
      heard.add(address);
      return { kind: "say", reply: forNow };
    },
    hangUps: 0,
    unanswered: () => unanswered,
    pending: () => incidents.reduce((sum, { left }) => sum + left, 0),
    calm() {
      const missed = incidents.filter(({ left, times }) => left === times);
      incidents = [];
      refused.temporary = 0;
      this.hangUps = 0;
      return missed.map(({ step, act }) => `${step} ${act.kind}`);
    },
  };
}
