import type { StatedContract } from '@ballast/domain';
import { identifierCell } from './cell';
import { formatOsiSymbol, parseOsiSymbol } from './osi-symbol';

/**
 * Reads the symbol of a statement: the padding of an OSI symbol is taken off and its terms are read; other identifiers
 * stay as they are.
 *
 * @throws CellRefusal
 *
 * @example
 * readStatementSymbol('AAPL  250221C00180000').instrumentId // 'AAPL250221C00180000'
 */
export function readStatementSymbol(text: string): {
  readonly instrumentId: string;
  readonly contract?: StatedContract;
} {
  if (!/^[A-Z][A-Z0-9.]{0,5} *\d{6}[CP]\d{8}$/.test(text)) return { instrumentId: identifierCell(text) };
  const contract = parseOsiSymbol(text);
  return { instrumentId: formatOsiSymbol(contract), contract };
}
