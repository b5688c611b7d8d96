"use client";
import { CircleCheck } from "lucide-react";
import { createContext, type ReactNode, use, useCallback, useState } from "react";

/** Takes back what was said to be done: its button stands beside the sentence. */
export type Undo = { label: string; act: () => void };
type Toast = { id: number; text: string; undo?: Undo };

const ToastContext = createContext<(text: string, undo?: Undo) => void>(() => {});

/** Says something in the corner for six seconds, twenty when it can be undone: `const toast = useToast(); toast("Enregistré")`. */
export const useToast = () => use(ToastContext);

let last = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const say = useCallback((text: string, undo?: Undo) => {
    last += 1;
    const id = last;
    const gone = () => setToasts((all) => all.filter((toast) => toast.id !== id));
    const act = () => {
      gone();
      undo?.act();
    };
    setToasts((all) => [...all.slice(-2), { id, text, ...(undo && { undo: { ...undo, act } }) }]);
    setTimeout(gone, undo ? 20_000 : 6000);
  }, []);
  return (
    <ToastContext value={say}>
      {children}
      <div
        role="status"
        className="no-print pointer-events-none fixed inset-x-4 bottom-20 z-50 flex flex-col items-center gap-2 sm:bottom-6 lg:items-end"
      >
        {toasts.map((toast) => (
          <p
            key={toast.id}
            data-entering
            className="pointer-events-auto flex max-w-md items-center gap-2.5 rounded-card border border-line bg-raised px-4 py-3 text-sm font-medium shadow-pop"
          >
            <CircleCheck aria-hidden className="size-5 shrink-0 text-good" />
            {toast.text}
            {toast.undo && (
              <button
                type="button"
                data-undo
                onClick={toast.undo.act}
                className="-my-1 min-h-8 shrink-0 rounded-field px-2 text-brand-text underline underline-offset-3 hover:bg-sunken pointer-coarse:min-h-11"
              >
                {toast.undo.label}
              </button>
            )}
          </p>
        ))}
      </div>
    </ToastContext>
  );
}
