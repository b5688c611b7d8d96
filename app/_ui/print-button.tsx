"use client";
import { Printer } from "lucide-react";
import { Button } from "./button";

/** The browser's own printing, which also makes a PDF. */
export function PrintButton({ label }: { label: string }) {
  return (
    <Button icon={<Printer aria-hidden />} onClick={() => window.print()}>
      {label}
    </Button>
  );
}
