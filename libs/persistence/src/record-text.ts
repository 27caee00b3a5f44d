/**
 * Reads the text form of composite values, `(1,"two words",,"")`, as Postgres writes `ROW(…)::text`; several follow each other
 * with a line break between them. The text names its values exactly: two rows with equal texts are equal.
 *
 * @returns a text or null per column
 * @throws Error for a text of another form
 */
export function parseRecordTexts(text: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  for (let place = 0; place < text.length; place += 1) {
    if (text[place] !== '(') throw new Error(`not a composite value at ${place}`);
    const record: (string | null)[] = [];
    do {
      const field = readField(text, place + 1);
      record.push(field.value);
      place = field.end;
    } while (text[place] === ',');
    if (text[place] !== ')') throw new Error(`a composite value does not end at ${place}`);
    records.push(record);
    place += 1;
    if (place < text.length && text[place] !== '\n') throw new Error(`expected the next composite value at ${place}`);
  }
  return records;
}

/** Inside quotes a quote or a backslash is written twice. */
const quoted = /"((?:[^"\\]|""|\\\\)*)"/y;
const plain = /[^",()\\]*/y;

function readField(text: string, start: number): { readonly value: string | null; readonly end: number } {
  const isQuoted = text[start] === '"';
  const pattern = isQuoted ? quoted : plain;
  pattern.lastIndex = start;
  const found = pattern.exec(text);
  if (found === null) throw new Error(`not a field of a composite value at ${start}`);
  if (isQuoted)
    return { value: (found[1] as string).replace(/""|\\\\/g, (pair) => pair[0] as string), end: quoted.lastIndex };
  return { value: found[0] === '' ? null : found[0], end: plain.lastIndex };
}
