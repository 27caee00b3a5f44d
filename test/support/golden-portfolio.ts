import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PortfolioDocument } from '../oracle/portfolio-document';

/** One golden portfolio: a portfolio file with what it must give and who says so. */
export interface GoldenPortfolio {
  readonly name: string;
  readonly title: string;
  readonly why: string;
  readonly provenance: {
    readonly kind: 'published' | 'independent-calculation' | 'regression';
    readonly source: string;
    readonly by: string;
    readonly date: string;
  };
  readonly portfolio: PortfolioDocument;
  /** Figures by name; a list is one figure per scenario. */
  readonly expected: Readonly<Record<string, number | readonly number[]>>;
  readonly tolerance: { readonly relative?: number; readonly absolute?: number };
}

const folder = path.resolve(__dirname, '../golden/portfolios');

/** Reads the golden portfolios whose file name starts with a word, for example `tims-`. */
export function readGoldenPortfolios(prefix: string): readonly GoldenPortfolio[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, ...JSON.parse(readFileSync(path.join(folder, name), 'utf8')) }) as GoldenPortfolio);
}

/** Asserts that a figure lies within a golden portfolio's tolerance. */
export function expectWithin(
  ours: number | undefined,
  expected: number,
  tolerance: GoldenPortfolio['tolerance'],
): void {
  const allowed = (tolerance.absolute ?? 0) + (tolerance.relative ?? 0) * Math.abs(expected);
  expect(Math.abs((ours ?? NaN) - expected)).toBeLessThanOrEqual(allowed);
}
