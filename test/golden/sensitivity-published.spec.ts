import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseInstant } from '@ballast/domain';
import { computeSensitivityRisk, parseSensitivityParameters } from '@ballast/margin';

const folder = path.resolve(__dirname, '../../../shared/golden');
const present = existsSync(path.join(folder, 'sensitivity-examples.json'));
const asOf = parseInstant('2026-01-05T00:00:00Z', 'asOf');

interface Row {
  readonly productClass: string;
  readonly riskType: 'Risk_Equity' | 'Risk_EquityVol';
  readonly qualifier: string;
  readonly bucket: string;
  readonly tenor: string;
  readonly amountUSD: number;
}

const maybe = present ? describe : describe.skip;

maybe(
  `published equity examples of the Greeks-based methodology${present ? '' : ' (skipped: shared data not present)'}`,
  () => {
    const read = (name: string) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
    const { sensitivities, examples } = present
      ? (read('sensitivity-examples.json') as {
          sensitivities: Record<string, Row>;
          examples: { name: string; sensitivities: string[]; initialRequirement: number }[];
        })
      : { sensitivities: {}, examples: [] };
    const parameters = present ? read('sensitivity-parameters-equity.json') : {};

    it.each(examples.map((example) => [example.name, example] as const))('%s to the integer', (_, example) => {
      const rows = example.sensitivities.map((key) => {
        const { amountUSD, ...row } = sensitivities[key] as Row;
        return { ...row, amountUsd: amountUSD };
      });
      const { total } = computeSensitivityRisk(rows, parseSensitivityParameters(parameters.tenDay, asOf));
      expect(Math.round(total)).toBe(example.initialRequirement);
    });
  },
);
