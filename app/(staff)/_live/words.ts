import { useFormatter, useTranslations } from "next-intl";
import type { WaitingReason } from "#lib/letters/campaigns/waiting";
import { type Forecast, horizonOf } from "#lib/letters/ledger/forecast";
import { timeZone } from "#lib/machine/format";

const wallClock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "numeric", minute: "2-digit" });
const calendarDay = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });

/** « 16 h 40 », « 9 h ». */
function useClock(): (at: Date) => string {
  const t = useTranslations("live");
  return (at) => {
    const [hour = "", minute = ""] = wallClock.format(at).split(":");
    return minute === "00"
      ? t("clockSharp", { hour: Number(hour) })
      : t("clock", { hour: Number(hour), minute });
  };
}

/** An instant ahead, as short as it may be said: « à 16 h 40 », « jusqu’à demain 9 h », « le 3 mars à 09:00 ». */
export function useMoment(): (as: "at" | "until", at: Date, now: Date) => string {
  const t = useTranslations("live");
  const format = useFormatter();
  const clock = useClock();
  return (as, at, now) => {
    const day = calendarDay.format(at);
    if (day === calendarDay.format(now)) return t(`${as}.today`, { clock: clock(at) });
    const tomorrow = calendarDay.format(new Date(now.getTime() + 24 * 3_600_000));
    if (day === tomorrow) return t(`${as}.tomorrow`, { clock: clock(at) });
    const date = format.dateTime(at, { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });
    return t(`${as}.date`, { date });
  };
}

/** « vers 16 h 40 », « dans 3 jours environ ». */
export function useHorizon(): (at: Date, now: Date) => string {
  const t = useTranslations("live.endOf");
  const clock = useClock();
  return (at, now) => {
    const horizon = horizonOf(at, now);
    if (horizon.kind === "now") return t("now");
    if ("at" in horizon) return t(horizon.kind, { clock: clock(horizon.at) });
    return t(horizon.kind, { count: horizon.count });
  };
}

/** A forecast in two lines: what to expect, and how far to believe it. */
export function useForecast(): (forecast: Forecast | null, now: Date) => { value: string; note?: string } {
  const t = useTranslations("live");
  const horizon = useHorizon();
  return (forecast, now) => {
    if (!forecast) return { value: "—" };
    if ("unforeseen" in forecast)
      return { value: t("unknownEnd"), note: t(`unforeseen.${forecast.unforeseen}`) };
    return { value: horizon(forecast.at, now), ...(forecast.atLeast && { note: t("atLeast") }) };
  };
}

type Loose = { (key: string): string; has(key: string): boolean };

/** The sentence of why something waits. */
export function useWhy(): (reason: WaitingReason, now: Date) => string {
  const t = useTranslations("live.why");
  const all = useTranslations() as unknown as Loose;
  const moment = useMoment();
  const format = useFormatter();
  const because = (reason: string) => {
    const places = [
      "relays.pauses",
      "live.reasons",
      "campaigns.errors",
      "deliveries.reasons",
      "bounces.reasons",
    ];
    const key = places.map((place) => `${place}.${reason}`).find((one) => all.has(one));
    return lowered(all(key ?? "live.reasons.other")).replace(/[.\s]+$/, "");
  };
  return (reason, now) =>
    t(reason.kind, {
      who: reason.who ?? "",
      relay: reason.relay ?? "",
      domain: reason.domain ?? "",
      reason: because(reason.reason ?? "other"),
      at: reason.at ? moment("at", reason.at, now) : "",
      until: reason.at ? moment("until", reason.at, now) : "",
      count: reason.count ?? 0,
      formatted: format.number(reason.count ?? 0),
    });
}

/** A sentence used as part of another, unless it begins with an acronym. */
const lowered = (text: string) =>
  /^\p{Lu}\p{Ll}/u.test(text) ? `${text[0]?.toLowerCase()}${text.slice(1)}` : text;
