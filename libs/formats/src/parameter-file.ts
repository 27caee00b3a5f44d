// Risk parameters: a JSON object with methodology, name, effectiveFrom and parameters.
import { type Instant, type Methodology, methodologies } from '@ballast/domain';
import { CellRefusal, type CellReader, choiceCell, instantCell, nameCell } from './cell';
import { refuseFile } from './file-refusal';
import { type JsonNode, parseJsonDocument, plainValueOf } from './json-document';
import type { SourceFile } from './table';
import { decodeText } from './text-gate';

/** A parameter set as a file states it. */
export interface ParameterSetRecord {
  readonly methodology: Methodology;
  readonly name: string;
  /** First instant at which runs take it. */
  readonly effectiveFrom: Instant;
  /** Overrides of the methodology's published default set, key by key; checked by the methodology itself. */
  readonly parameters: unknown;
  /** Line on which `parameters` starts. */
  readonly line: number;
}

const memberNames = ['methodology', 'name', 'effectiveFrom', 'parameters'];

/** Reads a parameter file. @throws FileRefusal naming line, member and value */
export function readParameterFile(source: SourceFile): ParameterSetRecord {
  const file = source.name;
  const document = parseJsonDocument(decodeText(source.bytes, file).text, file);
  if (document.type !== 'object') return refuseFile({ file, line: 1, reason: 'expected a JSON object' });
  for (const [name, member] of document.members) {
    if (!memberNames.includes(name)) {
      refuseFile({
        file,
        line: member.line,
        column: name,
        reason: `unknown member; expected ${memberNames.join(', ')}`,
      });
    }
  }
  const memberOf = (name: string): JsonNode =>
    document.members.get(name) ??
    refuseFile({ file, line: document.line, column: name, reason: 'the member is missing' });
  const textOf = <Value>(name: string, reader: CellReader<Value>): Value => {
    const member = memberOf(name);
    if (member.type !== 'string') {
      return refuseFile({
        file,
        line: member.line,
        column: name,
        reason: `expected a JSON string, got ${member.type}`,
      });
    }
    try {
      return reader(member.text);
    } catch (error) {
      if (!(error instanceof CellRefusal)) throw error;
      return refuseFile({ file, line: member.line, column: name, value: member.text, reason: error.message });
    }
  };
  const parameters = memberOf('parameters');
  if (parameters.type !== 'object') {
    refuseFile({
      file,
      line: parameters.line,
      column: 'parameters',
      reason: `expected an object, got ${parameters.type}`,
    });
  }
  return {
    methodology: textOf('methodology', choiceCell(methodologies)),
    name: textOf('name', nameCell),
    effectiveFrom: textOf('effectiveFrom', instantCell),
    parameters: plainValueOf(parameters),
    line: parameters.line,
  };
}
