import { readFileSync } from 'node:fs';
import { parseStressScenarioFile } from '@ballast/formats';
import { assetClasses } from '@ballast/buffer';
import { stressPortfolioFile } from './stress-file';
import { formatStressReport } from './stress-report';

const text = readFileSync('examples/strangle.json', 'utf8');
const custom = parseStressScenarioFile(
  readFileSync('examples/stress-scenarios.json', 'utf8'),
  'stress-scenarios.json',
  assetClasses,
);
const stress = (question: Parameters<typeof stressPortfolioFile>[0]['question'], content = text) =>
  stressPortfolioFile({ text: content, fileName: 'strangle.json', question });

describe('stressPortfolioFile', () => {
  it('states each scenario of a file, and the worst, as JSON and as text', () => {
    const answer = stress({ names: [], custom, reverse: { budget: 50 } });
    if (answer.status !== 'answered') throw new Error(answer.status);
    const { output } = answer;
    expect(output.scenarios.map(({ state, origin }) => [state, origin])).toEqual(Array(2).fill(['VALUED', 'CUSTOM']));
    expect(output.scenarios[1]?.moves).toMatchObject([
      { underlying: 'BXI', stressedPrice: '4950', spot: 0.1, rate: 0.005 },
    ]);
    expect(output.largestLoss).toBe(custom[0]?.name);
    expect(output.reverse?.byUnderlying[0]?.down?.moves[0]?.move).toBeCloseTo(-0.12, 2);
    expect(formatStressReport(output)).toContain('Smallest move');
  });

  it('refuses an unknown scenario, and a portfolio without prices has no figures', () => {
    expect(stress({ names: ['1929'], custom: [] })).toMatchObject({ status: 'rejected', exitCode: 3 });
    const unpriced = text.replace('"volatility": 0.17', '"bid": null').replace('"bid": null', '"price": null');
    expect(stress({ names: ['2018-02-05'], custom: [] }, unpriced)).toMatchObject({
      status: 'indeterminate',
      exitCode: 5,
    });
  });
});
