/** MJML apart: loading it costs 0.7 s of CPU and some 80 MB, which a worker that writes no mail need not pay. */
import mjml2html from "mjml";
import type { Finding } from "./finding.ts";

/**
 * MJML to HTML, without the indentation, which would be a third of the weight. `imageStyle` is added to every
 * picture: MJML has no attribute for the type of an alternative text.
 */
export async function mjmlToHtml(
  mjml: string,
  imageStyle: string,
): Promise<{ html: string; findings: Finding[] }> {
  const { html, errors } = await mjml2html(mjml, {
    fonts: {},
    keepComments: false,
    ignoreIncludes: true,
    validationLevel: "soft",
  });
  const compact = html.replace(/[ \t]*\n\s*/g, "\n").trim();
  return {
    html: `${compact.replace(/(<img\s[^>]*?style=")/g, `$1${imageStyle}`)}\n`,
    findings: errors.map((e) => ({ level: "error", code: "mjml", params: { message: e.message } })),
  };
}
