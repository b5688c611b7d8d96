"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Asks for the page again every two seconds while it is looked at. */
export function LiveRefresh() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") router.refresh();
    }, 2000);
    return () => clearInterval(timer);
  }, [router]);
  return null;
}
