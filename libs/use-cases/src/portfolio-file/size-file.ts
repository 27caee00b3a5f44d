// How large a buffer one portfolio file should have, and how soon to look again; touches no database.
import { finish, type RecommendedBuffer, recommendBuffer } from '@ballast/buffer';
import { answerPortfolioFile, type FileAnswer } from './portfolio-file-state';
import { reportColumns, reportNumber, reportSections } from './report-lines';
import { type PriceHistoryChoice, readHistory } from './value-at-risk-file';

/** Amounts are unrounded numbers in the base currency; null exactly when INDETERMINATE. */
export interface SizeOutput {
  readonly quality: 'OK' | 'INDETERMINATE';
  readonly currency: string;
  readonly recommendedBuffer: number | null;
  readonly buffer: number | null;
  /** Minutes. */
  readonly reviewInterval: number | null;
  readonly components: RecommendedBuffer['components'];
  readonly source: string | null;
  readonly warnings: readonly string[];
}

/** Sizes the buffer of a portfolio file (methodology §5.10). */
export function sizeBufferOfFile(
  input: { readonly text: string; readonly fileName: string } & PriceHistoryChoice,
): FileAnswer<SizeOutput> {
  return answerPortfolioFile(
    input,
    ({ prepared }): SizeOutput => {
      const found = finish(recommendBuffer(prepared, readHistory(input)));
      return {
        quality: found === null ? 'INDETERMINATE' : 'OK',
        currency: prepared.portfolio.baseCurrency,
        recommendedBuffer: found?.amount ?? null,
        buffer: found?.buffer ?? null,
        reviewInterval: found?.reviewInterval ?? null,
        components: found?.components ?? [],
        source: found?.parameters.source ?? null,
        warnings: found?.warnings ?? [],
      };
    },
    ({ quality }) => quality !== 'INDETERMINATE',
  );
}

/** Writes a recommended buffer: its components, which of them binds, and when to look again. */
export function formatSizeReport(output: SizeOutput): string {
  const { components, currency, reviewInterval } = output;
  return reportSections([
    [
      `Recommended buffer ${reportNumber(output.recommendedBuffer)} ${currency}, held ${reportNumber(output.buffer)} ${currency}`,
    ],
    reportColumns(
      components.map(({ name, amount, binding }) => [`${name}${binding ? ' *' : ''}`, reportNumber(amount)]),
    ),
    components.flatMap(({ name, explanation }) => explanation.map((line) => `${name}: ${line}`)),
    reviewInterval === null ? [] : [`Look again in ${reviewInterval.toFixed(0)} minutes`],
    output.warnings.map((warning) => `Note: ${warning}`),
  ]);
}
