"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Shows the page anew each second, as long as something goes on. */
export function Again() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), 1000);
    return () => clearInterval(timer);
  }, [router]);
  return null;
}
