/** What may be joined to a letter: known by what it holds, and never something that runs. Pure. */
import { unzipSync } from "fflate";

/**
 * Endings of what a machine would run, or opens by running something: Gmail’s list (help page 6590), Outlook’s, and what
 * macros are kept in. The one list of them.
 */
const refusedEndings = new Set(
  (
    "ade adp apk app appx appxbundle bat bas cab chm cmd com cpl crt deb diagcab dll dmg elf exe ex_ gadget hlp hta htm html img ins inf " +
    "iso isp jar jnlp js jse lib lnk mad maf mam mar mas mat mau mav maw mda mdb mde mdt mdw mdz mht mhtml mjs msc msh msh1 msh2 " +
    "msi msix msixbundle msp mst msu nsh ops osd pcd pif pkg pl plg prf prg ps1 ps2 psc1 psc2 py pyc pyz reg rpm scf scr sct sh " +
    "shb shs svg swf sys tmp url vb vbe vbp vbs vhd vhdx vsmacros vsw vxd wasm ws wsc wsf wsh xbap xhtml xll xnk xml xsl " +
    "docm dotm xlsm xltm xlam pptm potm ppam ppsm sldm"
  ).split(" "),
);
/** Endings that are also ordinary parts of a name: refused at its end only. */
const ordinaryInside = new Set([
  "com",
  "lib",
  "img",
  "mat",
  "mar",
  "mas",
  "prf",
  "tmp",
  "pl",
  "app",
  "inf",
  "ins",
  "url",
]);

/** Kinds by what they hold, with the endings they may bear; the first is the one they are given otherwise. */
const kinds: Record<string, readonly string[]> = {
  pdf: ["pdf"],
  docx: ["docx"],
  dotx: ["dotx"],
  xlsx: ["xlsx"],
  xltx: ["xltx"],
  pptx: ["pptx"],
  ppsx: ["ppsx"],
  odt: ["odt"],
  ods: ["ods"],
  odp: ["odp"],
  odg: ["odg"],
  rtf: ["rtf"],
  ics: ["ics"],
  vcf: ["vcf"],
  jpg: ["jpg", "jpeg"],
  png: ["png"],
  gif: ["gif"],
  webp: ["webp"],
  heic: ["heic"],
  avif: ["avif"],
  tif: ["tif", "tiff"],
  mp3: ["mp3"],
  m4a: ["m4a"],
  mp4: ["mp4"],
  mov: ["mov"],
  zip: ["zip"],
};
/** What has no mark of its own and is read as text. */
const texts: Record<string, string> = {
  txt: "text/plain",
  csv: "text/csv",
  md: "text/markdown",
  vcf: "text/vcard",
  ics: "text/calendar",
};
/** Office before 2007: one container for all of it, and for installers; known by the stream it holds. */
const olds: Record<string, [stream: string, type: string]> = {
  doc: ["WordDocument", "application/msword"],
  xls: ["Workbook", "application/vnd.ms-excel"],
  ppt: ["PowerPoint Document", "application/vnd.ms-powerpoint"],
};

export type Fault = "executable" | "kind" | "macros" | "locked";
type Known = { ok: true; name: string; type: string } | { ok: false; reason: Fault };

/** `found`: what its first bytes say, if anything. The name it leaves under, or why it may not. */
export function judgeFile(
  given: string,
  bytes: Uint8Array,
  found: { ext: string; mime: string } | undefined,
): Known {
  const parts = partsOf(given);
  if (isRefused(parts)) return { ok: false, reason: "executable" };
  const ending = parts.length > 1 ? (parts.at(-1) ?? "") : "";
  if (!found) return judgeText(given, ending, bytes);
  if (refusedEndings.has(found.ext))
    return { ok: false, reason: /m$/.test(found.ext) ? "macros" : "executable" };
  if (found.ext === "cfb") return judgeOld(given, ending, bytes);
  const endings = kinds[found.ext];
  if (!endings) return { ok: false, reason: "kind" };
  const fault = zipped.has(found.ext) ? faultInside(bytes) : null;
  if (fault) return { ok: false, reason: fault };
  return {
    ok: true,
    name: named(given, endings.includes(ending) ? ending : (endings[0] ?? "")),
    type: found.mime,
  };
}

const partsOf = (name: string) =>
  name
    .normalize("NFC")
    .toLowerCase()
    .split(".")
    .map((part) => part.trim());

/** Whether a machine may run what bears that name. */
export const isRunnable = (name: string): boolean => isRefused(partsOf(name));

/** At the end of a name, or inside: « facture.exe.pdf » is shown by some programs as what it is not. */
function isRefused(parts: string[]): boolean {
  return parts
    .slice(1)
    .some((part, i) => refusedEndings.has(part) && (i === parts.length - 2 || !ordinaryInside.has(part)));
}

function judgeText(given: string, ending: string, bytes: Uint8Array): Known {
  const type = texts[ending];
  // Some have no mark but what their first words say.
  const script = bytes[0] === 0x23 && bytes[1] === 0x21;
  if (script) return { ok: false, reason: "executable" };
  if (!type || bytes.subarray(0, 65_536).includes(0)) return { ok: false, reason: "kind" };
  return { ok: true, name: named(given, ending), type };
}

function judgeOld(given: string, ending: string, bytes: Uint8Array): Known {
  const [stream, type] = olds[ending] ?? [];
  const holds = (name: string) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(Buffer.from(name, "utf16le"));
  if (!stream || !type || !holds(stream)) return { ok: false, reason: "kind" };
  if (holds("_VBA_PROJECT")) return { ok: false, reason: "macros" };
  return { ok: true, name: named(given, ending), type };
}

const zipped = new Set(["zip", "docx", "dotx", "xlsx", "xltx", "pptx", "ppsx", "odt", "ods", "odp", "odg"]);
/** An archive in an archive is how what is refused is hidden. */
const archives = /\.(?:zip|rar|7z|gz|tgz|bz2|xz|tar|arj|lzh|ace|z)$/i;
const ofOffice = /^(?:\[content_types\]\.xml|mimetype)$/i;

/** Reads the list of an archive, unpacks nothing. */
function faultInside(bytes: Uint8Array): Fault | null {
  const names: string[] = [];
  try {
    unzipSync(bytes, { filter: ({ name }) => names.push(name) === 0 });
  } catch {
    return "kind";
  }
  if (names.some((name) => /(?:^|\/)vbaproject\.bin$/i.test(name))) return "macros";
  if (isLocked(bytes)) return "locked";
  const office = names.some((name) => ofOffice.test(name));
  const bad = names.some((name) => {
    const leaf = (name.split("/").at(-1) ?? "").toLowerCase();
    // An office document is made of XML, and may hold others: those are its own.
    if (office) return /\.(?:exe|dll|scr|bat|cmd|com|js|vbs|ps1|msi|jar)$/.test(leaf);
    return archives.test(leaf) || isRefused(leaf.split("."));
  });
  return bad ? "executable" : null;
}

/** The first entry is encrypted: nobody can look inside, no server either (APPNOTE 4.4.4, bit 0). */
const isLocked = (bytes: Uint8Array) =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && ((bytes[6] ?? 0) & 1) === 1;

/** The name it had, without what a header, a file system or an eye would trip over. */
function named(given: string, ending: string): string {
  const stem = given
    .normalize("NFC")
    .replace(/\p{C}+/gu, " ")
    .replace(/^.*[\\/]/, "")
    .replace(/\.[^.]*$/, "")
    .replace(/[\\/:*?"<>|;%]+/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 120)
    .replace(/[\ud800-\udbff]$/, "");
  return `${stem || "document"}.${ending}`;
}
