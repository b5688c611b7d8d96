import type { DraftInput } from "#lib/letters/campaigns/schema";

type Draft = Omit<DraftInput, "blocks"> & { blocks: readonly object[] };

/** A draft as the composer's fields hold it (`block.b3.image.src`…): what saveInput reads back, and in the same order. */
export function draftFields({ blocks, ...draft }: Draft): Record<string, string> {
  const fields: Record<string, string> = {};
  const flatten = (name: string, value: unknown) => {
    if (value !== null && typeof value === "object")
      for (const [key, inner] of Object.entries(value)) flatten(`${name}.${key}`, inner);
    else fields[name] = value === true ? "on" : value === false ? "" : String(value ?? "");
  };
  for (const name of fieldNames) flatten(name, draft[name]);
  for (const block of blocks) {
    const { id, type, ...rest } = block as { id: string; type: string };
    flatten(`block.${id}`, { type, ...rest });
  }
  return fields;
}

const fieldNames = [
  "name",
  "subject",
  "preheader",
  "issue",
  "signature",
  "segmentId",
  "identityId",
  "topicId",
] as const;
