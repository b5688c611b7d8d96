/** What a mutation answers: done, or an expected refusal whose reason keys a sentence in the catalog. */
export type Result<T = unknown, R extends string = string> = ({ ok: true } & T) | Refusal<R>;
export type Refusal<R extends string = string> = {
  ok: false;
  reason: R;
  params?: Record<string, string | number>;
};

export const ok = { ok: true } as const;

export const refused = <R extends string>(
  reason: R,
  params?: Record<string, string | number>,
): Refusal<R> => ({
  ok: false,
  reason,
  ...(params && { params }),
});
