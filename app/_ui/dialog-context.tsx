"use client";
import { createContext, use } from "react";

const DialogContext = createContext<(() => void) | null>(null);
export const DialogProvider = DialogContext;

/** Closes the dialog around the caller, if there is one. */
export const useCloseDialog = () => use(DialogContext);
