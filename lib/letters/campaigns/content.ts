/** A campaign's words turned into what is sent: the composer previews it, launch freezes it. */
import type { CompiledCampaign } from "#emails/compile";
import type { Finding } from "#emails/finding";
import { rewriteLinks } from "#emails/links";
import type { ModelKey } from "#emails/words";
import type { House } from "#lib/department/settings/house";
import { renderLetter } from "#lib/letters/campaigns/render";
import { settleBlocks } from "#lib/letters/campaigns/rules";
import { draftBlocks, models } from "#lib/letters/campaigns/schema";

export type Composition = {
  model: string;
  subject: string;
  preheader: string;
  issue: string;
  signature: string;
  blocks: unknown;
};

/** Liquid templates still holding each recipient's slots, and what there is to say about them. */
export type Composed = CompiledCampaign;

/**
 * Compiles whatever was typed; anything of level "error" in the findings forbids sending. What cannot be written out
 * in time comes back empty with such a finding, so that its draft still opens and can be mended.
 */
export async function composeCampaign(
  composition: Composition,
  { brand, publicUrl }: House,
): Promise<Composed> {
  const { blocks, findings } = settleBlocks(draftBlocks.parse(composition.blocks));
  const compiled = await renderLetter({
    model: modelKey(composition.model),
    brand,
    locale: "fr",
    subject: composition.subject,
    preheader: composition.preheader,
    issue: composition.issue,
    signature: composition.signature
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
    blocks,
  });
  if (!compiled) return { ...nothing, findings: [...findings, tooIntricate] };
  // The author can do nothing about the address this installation is seen at.
  const ours = ({ code, params }: Finding) =>
    code === "insecureLink" && `${params.href}`.startsWith(publicUrl);
  return { ...compiled, findings: [...findings, ...compiled.findings.filter((one) => !ours(one))] };
}

const nothing = { subject: "", preheader: "", html: "", text: "" };
const tooIntricate: Finding = { level: "error", code: "tooIntricate", params: {} };

export const modelKey = (model: string): ModelKey => models.find((known) => known === model) ?? "src";

export const hasErrors = (findings: readonly Finding[]) => findings.some(({ level }) => level === "error");

/** The same with every web link passing through the counter, which knows the link and never the person. */
export function countLinks(
  html: string,
  campaignId: number,
  publicUrl: string,
): { html: string; links: string[] } {
  return rewriteLinks(html, (_, n) => `${publicUrl}/api/click/${campaignId}/${n}`);
}
