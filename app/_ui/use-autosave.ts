"use client";
import { type RefObject, startTransition, useCallback, useEffect, useRef, useState } from "react";
import type { ActionState } from "#lib/gates/action";
import type { FormAction } from "./form";
import { typedBefore } from "./form-state";

export type SaveState = {
  status: "idle" | "dirty" | "saving" | "failed";
  savedAt: Date;
  answer: ActionState;
};

const offline: ActionState = { ok: false, reason: "offline" };

/**
 * Saves the form 0.9 s after the last change, one save at a time; what changes meanwhile is saved next. A refusal
 * waits for the next change; a lost connection is tried again every five seconds.
 */
export function useAutosave(
  save: FormAction,
  form: RefObject<HTMLFormElement | null>,
  start: { version: number; savedAt: Date },
) {
  const [state, setState] = useState<SaveState>({ status: "idle", savedAt: start.savedAt, answer: null });
  const kept = useRef({
    version: start.version,
    changes: 0,
    saved: 0,
    running: null as Promise<boolean> | null,
  });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useRef((_: number) => {});

  const run = useCallback(async (): Promise<boolean> => {
    if (!form.current) return false;
    const { current } = kept;
    const sent = current.changes;
    const data = new FormData(form.current);
    data.set("version", String(current.version));
    data.set("intent", "save");
    setState((before) => ({ ...before, status: "saving" }));
    const answer = await asked(save, data);
    if (!answer?.ok) {
      setState((before) => ({ ...before, status: "failed", answer }));
      if (answer === offline) again.current(5000);
      return false;
    }
    const saved = answer.data as { version: number; savedAt: string };
    current.version = saved.version;
    current.saved = sent;
    const late = current.changes > sent;
    setState({ status: late ? "dirty" : "idle", savedAt: new Date(saved.savedAt), answer });
    if (late) again.current(300);
    return true;
  }, [save, form]);

  /** Saves at once; true when everything typed is kept. */
  const flush = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current);
    const { current } = kept;
    if (current.running) await current.running;
    if (current.changes === current.saved) return true;
    current.running = run().finally(() => {
      current.running = null;
    });
    return current.running;
  }, [run]);

  const changed = useCallback(() => {
    kept.current.changes++;
    setState((before) => (before.status === "saving" ? before : { ...before, status: "dirty" }));
    again.current(900);
  }, []);
  useEffect(() => {
    again.current = (delay) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(flush, delay);
    };
  }, [flush]);

  useEffect(() => {
    if (form.current && typedBefore(form.current)) changed();
  }, [form, changed]);
  useSaveOnBack(flush);
  useEffect(() => () => clearTimeout(timer.current), []);
  const unsaved = useCallback(() => kept.current.changes > kept.current.saved, []);
  /** What is written here is given up, or was saved by another way. */
  const give = useCallback(() => {
    kept.current.saved = kept.current.changes;
  }, []);
  /** Of what is kept: for whoever acts on exactly that. */
  const version = useCallback(() => kept.current.version, []);
  return { state, changed, flush, unsaved, give, version };
}

/** In a transition, so that the page (preview, findings) follows without blocking what is being typed. */
function asked(save: FormAction, data: FormData): Promise<ActionState> {
  return new Promise((resolve) => {
    startTransition(async () => {
      try {
        resolve(await save(null, data));
      } catch {
        resolve(offline);
      }
    });
  });
}

/** Where Back cannot be held (see LeaveGuard), what was written leaves with its page: read before it is taken away. */
function useSaveOnBack(flush: () => Promise<boolean>) {
  useEffect(() => {
    const back = () => void flush();
    window.addEventListener("popstate", back, true);
    return () => window.removeEventListener("popstate", back, true);
  }, [flush]);
}
