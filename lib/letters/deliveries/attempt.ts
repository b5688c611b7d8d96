/** One try at a delivery, or at the several that leave in one message: everything between the mark and the settlement. */
import { findLost } from "#lib/letters/attachments/queries";
import type { Claim } from "#lib/letters/deliveries/claim";
import { compose, type Prepared } from "#lib/letters/deliveries/compose";
import { notBegun } from "#lib/letters/deliveries/journal";
import { noAnswer } from "#lib/letters/deliveries/together";
import { withFiles } from "#lib/letters/deliveries/with-files";
import { signedAs } from "#lib/letters/dkim/sign";
import { getRelayAccess, type SendingRelay } from "#lib/letters/relays/access";
import { openConnection, type RelayAccess, type RelayConnection } from "#lib/letters/relays/connection";
import type { Outcome } from "#lib/letters/relays/outcome";
import { judgeOutcome, type Settlement } from "#lib/letters/relays/rules";
import { log } from "#lib/machine/log";
import { nameInText } from "#lib/machine/tokens";

type Tried = { settlements: Settlement[]; connection: RelayConnection | undefined };

/** One try: composes, connects if need be, hands over. Several claims are of one message. */
export async function attempt(
  relay: SendingRelay,
  connection: RelayConnection | undefined,
  content: Prepared,
  claims: Claim[],
  mayBegin: () => boolean,
): Promise<Tried> {
  const unit = relay.kind === "sandbox" ? 1 / 60 : 1;
  const [delivery] = claims;
  const all = (settlement: Settlement, left = connection): Tried => ({
    settlements: claims.map(() => settlement),
    connection: left,
  });
  if (!delivery) return all(notBegun);
  const judge = (outcomes: Outcome[]) =>
    claims.map((one, i) => judgeOutcome(outcomes[i] ?? noAnswer, one.attempts + 1, unit));
  let message: ReturnType<typeof compose>;
  try {
    message = compose(content, delivery);
  } catch (error) {
    fault(delivery, "not composed")(error);
    return all({ ...notBegun, reason: "notComposed", pauseCampaign: "notComposed", delay: 900 });
  }
  const lost = await findLost(content.files).catch(fault(delivery, "files not looked at"));
  if (lost === undefined) return all({ ...notBegun, delay: 30 });
  // Never without its file. A folder that is away may come back, to this machine or another.
  if (lost?.state === "lost") return all({ ...notBegun, status: "failed", reason: "fileLost", counts: true });
  if (lost !== null) return all({ ...notBegun, reason: "folderAway", delay: 60 });
  const whole = withFiles(message.raw, content.files, `src-${nameInText(delivery)}-files`);
  const signed =
    relay.kind === "smtp" ? await signedAs(message.from, whole).catch(fault(delivery, "not signed")) : whole;
  // The key, or a file, could not be read: that is the database's trouble, not the content's.
  if (!signed) return all({ ...notBegun, delay: 30 });
  const access = connection?.usable()
    ? null
    : await getRelayAccess(relay.id).catch(fault(delivery, "relay not readable"));
  if (access === undefined) {
    const pauseRelay = { seconds: 60, reason: "notReadable", grows: true };
    return all({ ...notBegun, reason: "notReadable", pauseRelay }, undefined);
  }
  const open = connection && !access ? connection : await openConnection(access as RelayAccess);
  if ("kind" in open) return { settlements: judge(claims.map(() => open)), connection: undefined };
  const to = claims.map(({ address }) => address);
  const outcomes = await open.send(message.from, to, signed, mayBegin);
  if (outcomes.some(({ kind }) => kind === "lost")) open.close();
  return { settlements: judge(outcomes), connection: open.usable() ? open : undefined };
}

/** Nothing was handed over, and trying the next one at once would fail alike. */
const fault = (delivery: Claim, what: string) => (error: unknown) => {
  log.error({ err: error, delivery: delivery.id }, what);
  return undefined;
};
