// A risk-parameter file of either format.
import { refuseFile } from './file-refusal';
import { readPa2File } from './pa2-file';
import type { ContractSelection, RiskAccountType, RiskParameterFile, RiskParameterSource } from './risk-parameter-file';
import { readSpnFile } from './spn-file';

/**
 * Reads a risk-parameter file; the format is told by the content: XML starts with `<`, positional files with record 0.
 *
 * @throws FileRefusal
 */
export async function readRiskParameterFile(input: {
  readonly source: RiskParameterSource;
  readonly selection: ContractSelection;
  readonly accountType: RiskAccountType;
}): Promise<RiskParameterFile> {
  const { source } = input;
  const iterator = source.bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) refuseFile({ file: source.name, reason: 'the file is empty' });
  const chunk = first.value;
  const bytes = (async function* () {
    yield chunk;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  })();
  const whole = { ...input, source: { ...source, bytes } };
  return looksLikeXml(chunk) ? readSpnFile(whole) : readPa2File(whole);
}

function looksLikeXml(chunk: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(chunk.subarray(0, 256));
  return /^(?:\u00ef\u00bb\u00bf)?\s*</.test(start);
}
