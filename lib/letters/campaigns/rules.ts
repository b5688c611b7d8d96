import { type Block, blockSchema } from "#emails/blocks";
import type { Finding } from "#emails/finding";
import { faultOfAddress } from "#lib/department/settings/public-address";
import type { DraftBlock } from "#lib/letters/campaigns/schema";
import { sampleIn } from "#lib/letters/campaigns/starters";

type Status = "draft" | "scheduled" | "sending" | "paused" | "sent" | "cancelled";

/** What staff may do with a campaign in each state. */
export const moves: Record<Status, readonly ("edit" | "unschedule" | "pause" | "resume" | "cancel")[]> = {
  draft: ["edit"],
  scheduled: ["unschedule"],
  sending: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  sent: [],
  cancelled: [],
};

/** Minutes after its hour that a scheduled campaign still leaves by itself; later, a person decides. */
export const lateMinutes = 60;

export type Readiness = {
  subject: string;
  segmentId: number | null;
  identityId: number | null;
  identity: Sender | null;
  blocks: unknown[];
};

/** By which kinds of relays a sender writes: its own and those that may take over. */
type Sender = { relay: { kind: string }; fallbacks: { relay: { kind: string } }[] };

/**
 * Whether letters leave for the world. An account on this machine counts: a local Postfix delivers anywhere, and
 * nothing tells it from a test's server. Only the sandbox keeps everything.
 */
export const leavesHere = (sender: Sender | null): boolean =>
  sender !== null && [sender, ...sender.fallbacks].some(({ relay }) => relay.kind !== "sandbox");

/** What a campaign lacks before it may be reviewed for launch: catalog keys. */
export function missingParts(campaign: Readiness, publicUrl: string) {
  const { subject, segmentId, identityId, identity, blocks } = campaign;
  return [
    ...(leavesHere(identity) && faultOfAddress(publicUrl) ? (["publicUrl"] as const) : []),
    ...(subject.trim() === "" ? (["subject"] as const) : []),
    ...(segmentId === null ? (["segment"] as const) : []),
    ...(identityId === null ? (["identity"] as const) : []),
    ...(blocks.length === 0 ? (["blocks"] as const) : []),
  ];
}

/**
 * The blocks as they can be shown, and a finding of level "error" for each thing that keeps one from being sent.
 * A gap is shown as « … » so that the preview keeps its shape while one writes.
 */
export function settleBlocks(drafts: readonly DraftBlock[]): { blocks: Block[]; findings: Finding[] } {
  const blocks: Block[] = [];
  const findings: Finding[] = [];
  for (const draft of drafts) {
    const parsed = blockSchema.safeParse(withoutBlanks(draft));
    for (const issue of parsed.error?.issues ?? []) findings.push(blockFinding(draft, issue));
    findings.push(...samplesLeft(draft));
    const shown = parsed.success ? parsed : blockSchema.safeParse(filled(draft));
    if (shown.success) blocks.push(shown.data);
  }
  return { blocks, findings };
}

function blockFinding(
  draft: DraftBlock,
  issue: { message: string; code?: string; path: PropertyKey[] },
): Finding {
  const { id, type } = draft;
  const field = issue.path.map(String).join(".");
  const empty = issue.code === "too_small" || (issue.message === "badUrl" && isBlank(draft, issue.path));
  const code = empty ? "blank" : /^\w+$/.test(issue.message) ? issue.message : "invalidField";
  return {
    level: "error",
    code,
    params: { type, field: field.replace(/\.\d+\./, ".") },
    where: { blockId: id, field, line: 1, column: 1 },
  };
}

/** Texts of the starter that nobody has written over. */
function samplesLeft(draft: DraftBlock): Finding[] {
  const { id: blockId, type, ...fields } = draft;
  return Object.entries(fields).flatMap(([field, value]): Finding[] => {
    const text = typeof value === "string" ? sampleIn(value) : undefined;
    if (text === undefined) return [];
    const where = { blockId, field, line: 1, column: 1 };
    return [{ level: "error", code: "sampleText", params: { type, field, text }, where }];
  });
}

const isBlank = (draft: DraftBlock, path: PropertyKey[]): boolean => {
  let value: unknown = draft;
  for (const key of path) value = Object(value)[key];
  return typeof value === "string" && value.trim() === "";
};

/** An article without picture or link is complete; a half-filled one is not. */
function withoutBlanks(draft: DraftBlock): unknown {
  if (draft.type !== "article") return draft;
  const { image, link } = draft;
  return {
    ...draft,
    image: image.src === "" ? null : image,
    link: link.label.trim() === "" && link.url.trim() === "" ? null : link,
  };
}

const gap = "…";

function filled(draft: DraftBlock): unknown {
  const or = (text: string) => (text.trim() === "" ? gap : text);
  const picture = <P extends { src: string; alt: string }>(image: P) => ({ ...image, alt: or(image.alt) });
  switch (draft.type) {
    case "heading":
      return { ...draft, text: or(draft.text) };
    case "article":
      return {
        ...draft,
        title: or(draft.title),
        image: /^https?:\/\/\S+$/.test(draft.image.src) ? picture(draft.image) : null,
        link: blockSchema.safeParse({ id: "x", type: "button", ...draft.link }).success ? draft.link : null,
      };
    case "button":
      return {
        ...draft,
        label: or(draft.label),
        url: /^\w+:\S+$/.test(draft.url) ? draft.url : "https://example.org/",
      };
    case "image":
      return { ...draft, image: picture(draft.image) };
    case "figures":
      return {
        ...draft,
        items: draft.items.map(({ value, label }) => ({ value: or(value), label: or(label) })),
      };
    default:
      return draft;
  }
}
