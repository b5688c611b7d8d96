/** For tests: an independent reading of RFC 6376, sections 3.4 to 3.7 and 6.1, sharing nothing with what signs. */
import { createHash, createPublicKey, verify } from "node:crypto";

/** Null when the first signature of the message is good; otherwise what is wrong. `publicKey`: base64, as published. */
export function faultOfSignature(raw: Buffer, publicKey: string): string | null {
  const text = raw.toString("latin1");
  const split = text.indexOf("\r\n\r\n");
  const fields = unfolded(text.slice(0, split));
  const at = fields.findIndex(([name]) => name === "dkim-signature");
  const signature = fields[at]?.[1];
  if (signature === undefined) return "not signed";
  const tags = new Map(
    signature
      .split(";")
      .map((tag) => [
        tag.slice(0, tag.indexOf("=")).trim(),
        tag.slice(tag.indexOf("=") + 1).replace(/\s/g, ""),
      ]),
  );
  if (tags.get("v") !== "1" || tags.get("a") !== "rsa-sha256" || tags.get("c") !== "relaxed/relaxed")
    return "tags";
  const hash = createHash("sha256")
    .update(canonicalBody(text.slice(split + 4)), "latin1")
    .digest("base64");
  if (hash !== tags.get("bh")) return "body";
  const names = (tags.get("h") ?? "").toLowerCase().split(":");
  if (!names.includes("from")) return "From is not signed";
  const left = fields.filter((_, i) => i !== at);
  const lines = names.flatMap((name) => {
    // From the bottom up, each occurrence once; a name without a field left adds nothing.
    const found = left.findLastIndex(([key]) => key === name);
    return found < 0 ? [] : left.splice(found, 1).map(([key, value]) => `${key}:${value}\r\n`);
  });
  const own = `dkim-signature:${signature.replace(/(?<=(?:^|;)\s*b=)[^;]*/, "")}`.trimEnd();
  const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
  const good = verify(
    "sha256",
    Buffer.from(lines.join("") + own, "latin1"),
    key,
    Buffer.from(tags.get("b") ?? "", "base64"),
  );
  return good ? null : "signature";
}

/** Name in lower case; value in one line, its runs of white space one space. */
const unfolded = (head: string) =>
  head
    .replace(/\r\n(?=[ \t])/g, "")
    .split("\r\n")
    .map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [
        line.slice(0, colon).trim().toLowerCase(),
        line
          .slice(colon + 1)
          .replace(/[ \t]+/g, " ")
          .trim(),
      ];
    });

function canonicalBody(body: string): string {
  const lines = body.split("\r\n").map((line) => line.replace(/[ \t]+/g, " ").replace(/ $/, ""));
  while (lines.at(-1) === "") lines.pop();
  return lines.map((line) => `${line}\r\n`).join("");
}
