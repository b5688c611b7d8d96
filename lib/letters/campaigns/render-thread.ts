/** The thread in which what people wrote is written out; render.ts starts it, and ends it when it takes too long. */
import { parentPort } from "node:worker_threads";
import { type CampaignContent, type CompiledCampaign, compileCampaign } from "#emails/compile";

export type Answer = { compiled: CompiledCampaign } | { fault: string };

parentPort?.on("message", async (content: CampaignContent) => {
  parentPort?.postMessage(await answer(content));
});
parentPort?.postMessage("ready");

async function answer(content: CampaignContent): Promise<Answer> {
  try {
    return { compiled: await compileCampaign(content) };
  } catch (error) {
    // Nesting that a reader of Markdown follows until its stack ends: the thread lives on.
    return { fault: error instanceof Error ? error.name : "unknown" };
  }
}
