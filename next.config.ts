import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "SAMEORIGIN" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
];

const config: NextConfig = {
  // The supervisor builds aside and swaps, so that a killed build is never served.
  distDir: process.env.SRC_DIST_DIR ?? ".next",
  // `npm test` checks the types of everything; a start need not do it again.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: "4mb" } },
  serverExternalPackages: ["@node-rs/argon2", "mjml", "pg", "pg-boss", "pino", "imapflow", "nodemailer", "smtp-server"],
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};

export default createNextIntlPlugin("./app/i18n.ts")(config);
