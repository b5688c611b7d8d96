/** A collection goes by the name of the field people see. */
export function columnOf(key: string) {
  const known = { addresses: "email", places: "organisation" } as const;
  return (known[key as keyof typeof known] ?? key) as "email" | "organisation" | "phone";
}
