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

/** An answer in UTF-8 between its ages; each character stands for one byte, so that it is sent with its head in one piece. */
export interface CutAnswer {
  /** One more than there are ages. */
  readonly pieces: readonly string[];
  /** Instants whose ages stand between the pieces [ms since 1970]. */
  readonly instants: readonly number[];
  /** Bytes of all pieces. */
  readonly size: number;
}

/** Makes an answer ready to be given many times. @param text  with holes for ages */
export function cutAtAges(text: string): CutAnswer {
  const parts = text.split(edge);
  const pieces = parts.filter((_, index) => index % 2 === 0).map(bytesOf);
  const instants = parts.filter((_, index) => index % 2 === 1).map(Number);
  return { pieces, instants, size: pieces.reduce((sum, { length }) => sum + length, 0) };
}

/** The answer given at `now` [ms since 1970], in UTF-8: each character stands for one byte. */
export function joinWithAges({ pieces, instants }: CutAnswer, now: number): string {
  let whole = pieces[0] ?? '';
  for (let index = 0; index < instants.length; index += 1)
    whole += String(ageMsAt(instants[index] as number, now)) + (pieces[index + 1] as string);
  return whole;
}

function bytesOf(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
}
