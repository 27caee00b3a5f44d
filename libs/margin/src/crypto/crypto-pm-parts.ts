import type { RequirementParts } from '../requirement-parts';
import type { CryptoPmBook } from './crypto-pm-book';
import type { CryptoPmParameters } from './crypto-pm-parameters';
import { computeBookPnls, computeShocks, offsetPnls } from './crypto-pm-risk';

/**
 * Takes a CRYPTO_PM requirement apart: an underlying contributes its profit in every scenario, then its delta and its roll
 * shock.
 *
 * @param quantities  net contracts in the portfolio's canonical order
 */
export function takeCryptoPmApart(
  books: readonly CryptoPmBook[],
  quantities: ArrayLike<number>,
  parameters: Pick<CryptoPmParameters, 'pnlOffset' | 'maintenanceFactor'>,
): RequirementParts {
  const rows = books[0]?.scenarios.length ?? 0;
  return {
    parts: books.map((book) => {
      const { rollShock, deltaShock } = computeShocks(book, quantities);
      const figures = Float64Array.of(...computeBookPnls(book, quantities), rollShock, deltaShock);
      return { underlying: book.underlying, figures };
    }),
    maintenanceOf: (figures) => {
      const pnls = offsetPnls(
        figures.map((own) => own.subarray(0, rows)),
        parameters,
      );
      let worstLoss = 0;
      for (const pnl of pnls) worstLoss = Math.max(worstLoss, -pnl);
      const riskMatrix = figures.reduce(
        (sum, own) => sum + (own[rows] as number) + (own[rows + 1] as number),
        worstLoss,
      );
      return parameters.maintenanceFactor * riskMatrix;
    },
  };
}
