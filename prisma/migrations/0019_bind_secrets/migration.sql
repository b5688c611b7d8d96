-- Sealed values are bound to their column and row; lib/migrations/bind-secrets.ts seals the older ones again, once.
ALTER TABLE settings ADD COLUMN secrets_bound_at TIMESTAMPTZ(3);
