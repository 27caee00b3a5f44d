/** Largest age the schema's Int can tell, about 25 days [ms]. */
const ageMaximum = 2_147_483_647;

/** JSON never holds this character as it is, so nothing in an answer can be taken for a hole. */
const edge = '\u0000';

/** Age of what holds for an instant, as the schema tells it: milliseconds, ≥ 0, bounded. */
export function ageMsAt(asOf: number, now: number): number {
  return Math.min(Math.max(now - asOf, 0), ageMaximum);
}

/** Place in the text of an answer where the age of an instant is told when the answer is given. */
export function ageHole(asOf: number): string {
  return `${edge}${asOf}${edge}`;
}

/** The text of an answer given at `now` [ms since 1970]. */
export function fillAges(text: string, now: number): string {
  if (!text.includes(edge)) return text;
  return text
    .split(edge)
    .map((piece, index) => (index % 2 === 0 ? piece : String(ageMsAt(Number(piece), now))))
    .join('');
}
