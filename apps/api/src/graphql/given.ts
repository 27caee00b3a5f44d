/** Drops the members of an input that are null or undefined: to the use cases, not given is absent. */
export function given<Input extends object>(
  input: Input | null | undefined,
): { [Key in keyof Input]?: NonNullable<Input[Key]> } {
  const entries = Object.entries(input ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Input]?: NonNullable<Input[Key]> };
}
