import { DomainError } from '@ballast/domain';

/** Most names that a refusal lists. */
const listed = 20;

/**
 * Refuses numbers stated for underlyings that the question has nothing to do with: a misspelt name would leave the number
 * out and still give an answer.
 *
 * @param stated.field   in the caller's input, for the message
 * @param stated.byName  what is stated, by underlying
 * @param known          underlyings that it may be stated for
 * @throws DomainError 'INVALID_PARAMETER' naming the field, the first unknown name and the known ones
 */
export function requireKnownUnderlyings(
  { field, byName }: { readonly field: string; readonly byName: Readonly<Record<string, unknown>> },
  known: Iterable<string>,
): void {
  const ids = [...known];
  const unknown = Object.keys(byName).find((name) => !ids.includes(name));
  if (unknown === undefined) return;
  const names = ids.length === 0 ? 'it has none' : ids.slice(0, listed).join(', ');
  const more = ids.length > listed ? ` and ${ids.length - listed} more` : '';
  throw new DomainError(
    'INVALID_PARAMETER',
    `${field}: ${unknown} is no underlying that this account depends on (${names}${more})`,
    field,
  );
}
