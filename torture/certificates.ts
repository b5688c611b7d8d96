/** Certificates of one hour, made by openssl: for the torture server only. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyPair, Security } from "./server.ts";

export type Certificates = Security & {
  /** File of the certificate to trust (NODE_EXTRA_CA_CERTS). */
  file: string;
};

/** Null where there is no openssl. */
export function makeCertificates(folder: string): Certificates | null {
  try {
    const trusted = make();
    // Another run of rounds may be beside this one.
    const file = join(folder, `authority-${process.pid}.pem`);
    writeFileSync(file, trusted.cert);
    return { trusted, unknown: make(), file };
  } catch {
    return null;
  }
}

function make(): KeyPair {
  const folder = mkdtempSync(join(tmpdir(), "torture-"));
  const [key, cert] = [join(folder, "key"), join(folder, "cert")];
  const what = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
  const whom = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  try {
    execFileSync("openssl", ["req", "-x509", ...what, ...whom, "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
