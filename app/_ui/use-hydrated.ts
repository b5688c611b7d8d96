"use client";
import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False on the server and until the page's scripts run: hides what would do nothing without them. */
export const useHydrated = () =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
