/** What a page makes a browser fetch that knows nothing: in thousands of bytes, as they travel. */
import type { Page, Request, Response } from "@playwright/test";

export type Weight = { scripts: number; page: number; html: number };

/**
 * Weighs the pages that `page` goes through, one after the other. A script that the browser has kept since an earlier
 * page weighs what it weighed then: each page is weighed as if it were the first.
 */
export function scales(page: Page) {
  const known = new Map<string, number>();
  let seen: Promise<string>[] = [];
  const weigh = async (request: Request) => {
    const bytes = (await request.sizes()).responseBodySize;
    if (bytes > 0) known.set(request.url(), bytes / 1000);
    return request.url();
  };
  page.on("requestfinished", (request) => {
    if (request.resourceType() === "script") seen.push(weigh(request));
  });
  return {
    clear: () => {
      seen = [];
    },
    /** Of the page that answered so, with what was fetched since `clear`. */
    async read(answer: Response): Promise<Weight> {
      await page.waitForLoadState("networkidle");
      const scripts = new Set(await Promise.all(seen));
      return {
        scripts: [...scripts].reduce((total, url) => total + (known.get(url) ?? 0), 0),
        page: (await answer.request().sizes()).responseBodySize / 1000,
        html: (await answer.body()).length / 1000,
      };
    },
  };
}
