"use client";
import { CircleCheck } from "lucide-react";
import { createContext, type ReactNode, use, useCallback, useState } from "react";

type Toast = { id: number; text: string };

const ToastContext = createContext<(text: string) => void>(() => {});

/** Says something in the corner for six seconds: `const toast = useToast(); toast("Enregistré")`. */
export const useToast = () => use(ToastContext);

let last = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const say = useCallback((text: string) => {
    last += 1;
    const id = last;
    setToasts((all) => [...all.slice(-2), { id, text }]);
    setTimeout(() => setToasts((all) => all.filter((toast) => toast.id !== id)), 6000);
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
          </p>
        ))}
      </div>
    </ToastContext>
  );
}
