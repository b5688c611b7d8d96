"use client";
import { LoaderCircle } from "lucide-react";
import { useLinkStatus } from "next/link";
import type { ReactNode } from "react";

/**
 * Inside a link: its icon, then a turning one while the page is on its way. A page answers as a whole, without a
 * skeleton first, so that a refusal has its own status and nothing depends on scripts.
 */
export function PendingIcon({ children }: { children: ReactNode }) {
  const { pending } = useLinkStatus();
  return pending ? <LoaderCircle aria-hidden className="animate-spin" /> : children;
}
