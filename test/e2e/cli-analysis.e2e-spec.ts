import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBallast } from '../support/ballast-process';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-analysis-'));
const write = (name: string, content: unknown): string => {
  writeFileSync(path.join(folder, name), JSON.stringify(content));
  return path.join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const portfolio = write('portfolio.json', {
  asOf: '2026-01-05T12:00:00Z',
  methodology: 'TIMS',
  baseCurrency: 'USD',
  cash: '4000',
  market: {
    underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '100' }],
    instruments: [
      { id: 'F', type: 'future', underlying: 'U', expiry: '2026-03-19T12:00:00Z', multiplier: '100', price: '100' },
      { id: 'G', type: 'future', underlying: 'U', expiry: '2026-06-18T12:00:00Z', multiplier: '10', price: '100' },
    ],
  },
  positions: [{ instrument: 'F', quantity: '2' }],
});
const trades = write('trades.json', [{ instrument: 'F', quantity: '-1', price: '101', fee: '2' }]);
const scenarios = write('scenarios.json', [{ name: 'mine', market: { spot: -0.1 }, betas: { U: 1.5 } }]);
const prices = path.join(folder, 'prices.csv');
writeFileSync(
  prices,
  `date,U\n${Array.from({ length: 40 }, (_, day) => `${new Date(Date.UTC(2025, 10, 20 + day)).toISOString().slice(0, 10)},${day % 2 === 0 ? 100 : 99}\n`).join('')}`,
);
const ask = async (...words: string[]) => {
  const { exitCode, stdout, stderr } = await runBallast([...words, '--portfolio', portfolio, '--json'], {});
  return { exitCode, stderr, output: (stdout === '' ? null : JSON.parse(stdout)) as Record<string, never> };
};

describe('ballast, analyses of a portfolio file', () => {
  it('answers a what-if with trades of a file and of the command line', async () => {
    const { exitCode, output } = await ask(
      'what-if',
      '--trades',
      trades,
      '--trades',
      'G=-1',
      '--cash',
      '250,EUR=0',
      '--spot',
      '-10%',
    );
    expect(exitCode).toBe(0);
    // 4,250 − 2 − 2,000 + 100 · 11 + 10 · 10
    expect(output).toMatchObject({ after: { equity: '3448.00', status: 'HEALTHY' }, change: { equity: '-552.00' } });
  }, 30_000);

  it('finds levels and a plan', async () => {
    const { output } = await ask('levels');
    expect(output).toMatchObject({ levels: [{ underlying: 'U', upper: null }] });
    const refused = await ask('levels', '--betas', 'U=1,X=2');
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('betas: X is no underlying')]);
    const { exitCode, output: plan } = await ask('restore', '--target', 'initial', '--fee', '1', '--hedges', 'G=5');
    expect([exitCode, plan]).toMatchObject([0, { deposit: '0.00', trades: [] }]);
  }, 30_000);

  it('estimates value at risk on a price history', async () => {
    const { exitCode, output } = await ask('var', '--prices', prices, '--method', 'historical', '--confidence', '90%');
    expect(exitCode).toBe(0);
    // 200 units of 100 that lose 1 % every other day
    expect(output).toMatchObject({ method: 'HISTORICAL', window: { returns: 39 }, currency: 'USD' });
    expect(output['valueAtRisk']).toBeCloseTo(200, 6);
  }, 30_000);

  it('stresses the file, under the library, scenarios of a file and the nearest move that exhausts it', async () => {
    const { exitCode, output } = await ask(
      'stress',
      '--scenario',
      '1987-10-19',
      '--custom',
      scenarios,
      '--reverse',
      '--volatilities',
      'U=0.2',
    );
    expect(exitCode).toBe(0);
    // 200 units of 100: −20.47 % is −4,094, −10 % at beta 1.5 is −3,000
    expect(output).toMatchObject({
      scenarios: [
        { name: '1987-10-19', profit: '-4094.00', uncoveredLoss: '94.00', after: { status: 'LIQUIDATION' } },
        { name: 'mine', profit: '-3000.00', after: { equity: '1000.00' } },
      ],
      largestLoss: '1987-10-19',
      reverse: { state: 'SEARCHED', factors: [{ underlying: 'U', volatility: 0.2, source: 'GIVEN' }] },
    });
    const whole = await ask('stress');
    expect(whole.output['scenarios']).toHaveLength(11);
    expect(whole.output['reverse']).toBeNull();
  }, 30_000);

  it('finds the probability of a breach', async () => {
    const small = ['--paths', '64', '--replicates', '2', '--steps', '4', '--horizon', '5', '--volatility', 'U=40%'];
    const { exitCode, output } = await ask('breach', ...small);
    expect(exitCode).toBe(0);
    // 4,000 − 15 % of 20,000; a fall by 5.9 % within a week at 40 % volatility
    expect(output).toMatchObject({ quality: 'OK', buffer: 1000 });
    expect(output['probability']).toBeGreaterThan(0.2);
    expect(output['probability']).toBeLessThan(0.4);
    expect(await ask('breach', ...small)).toMatchObject({ output });
  }, 30_000);

  it('adds up portfolio files as the accounts of a firm', async () => {
    const { exitCode, output } = await ask('firm-risk', '--scenario', '1987-10-19');
    expect(exitCode).toBe(0);
    const { stdout } = await runBallast(['stress', '--portfolio', portfolio, '--scenario', '1987-10-19', '--json'], {});
    const [alone] = JSON.parse(stdout).scenarios as [{ profit: string }];
    const [together] = output['scenarios'] as unknown as [{ loss: string; topAccounts: { code: string }[] }];
    expect(Number(together.loss)).toBeCloseTo(-Number(alone.profit), 2);
    expect(together.topAccounts.map(({ code }) => code)).toEqual(['portfolio']);
    const of = (...words: string[]) => runBallast(['firm-risk', '--portfolio', ...words], {});
    expect((await of(portfolio, '--firm', 'X')).exitCode).toBe(2);
    expect((await of(portfolio, '--portfolio', portfolio)).stderr).toContain('two files are named portfolio');
    expect((await of(path.join(folder, 'none.json'))).exitCode).toBe(3);
  }, 60_000);

  it('sizes the buffer', async () => {
    const { exitCode, output } = await ask('size', '--prices', prices);
    expect(exitCode).toBe(0);
    expect(output).toMatchObject({ quality: 'OK', currency: 'USD', buffer: 1000 });
    const components = output['components'] as unknown as readonly { amount: number; binding: boolean }[];
    expect(components.find(({ binding }) => binding)?.amount).toBe(output['recommendedBuffer']);
    // 10 % of the exposure above half of it
    expect(components).toContainEqual(
      expect.objectContaining({ name: 'concentration', amount: expect.closeTo(1000, 8) }),
    );
  }, 30_000);

  it('backtests standard portfolios, and says how', async () => {
    const help = await runBallast(['backtest', '--help'], {});
    expect(help.exitCode).toBe(0);
    expect(help.stdout).toContain('--volatility <file>');
    const { exitCode, stderr } = await runBallast(['backtest', '--prices', prices, '--volatility', prices], {});
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('SP500')]);
  }, 30_000);

  it.each(['decay', 'horizon', 'paths', 'replicates', 'seed'])('refuses to size with --%s', async (name) => {
    const { exitCode, stderr } = await ask('size', '--prices', prices, `--${name}`, '1');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`unknown option '--${name}'`);
  });

  it.each<[string, string[], number, string]>([
    ['an unknown scenario', ['stress', '--scenario', '1929'], 3, 'no scenario is named 1929'],
    ['an unknown asset class', ['stress', '--classes', 'U=tulips'], 2, 'expected UNDERLYING=ASSET-CLASS'],
    ['a horizon of nothing', ['stress', '--reverse', '--horizon', '0'], 3, 'horizonDays: expected'],
    ['a reverse option alone', ['stress', '--horizon', '5'], 2, 'without --reverse'],
    ['an unknown method', ['var', '--prices', 'p.csv', '--method', 'guess'], 2, 'expected historical, filtered'],
    ['a confidence of 1', ['var', '--prices', prices, '--confidence', '1'], 3, 'confidence: expected'],
    ['a trade in no contract of the file', ['what-if', '--trades', 'X=1'], 3, 'no such instrument'],
    ['an impossible move', ['what-if', '--spot', '-1.5'], 3, 'below −100 %'],
    ['a move that is no number', ['what-if', '--spot', 'down'], 2, 'expected a fraction'],
    ['an unknown target', ['restore', '--target', 'heaven'], 2, 'expected call, initial or maintenance'],
    ['a trade file that is not there', ['what-if', '--trades', 'nope.json'], 3, 'no such file'],
  ])('refuses %s', async (_, words, code, message) => {
    const { exitCode, stderr } = await ask(...words);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(message);
  });
});

describe('ballast attribute', () => {
  const at = (name: string, price: string, changes: object = {}) =>
    write(name, {
      asOf: '2026-01-05T12:00:00Z',
      methodology: 'TIMS',
      baseCurrency: 'USD',
      cash: '10000',
      market: {
        underlyings: [
          { id: 'U', kind: 'equity', currency: 'USD', price },
          { id: 'V', kind: 'equity', currency: 'USD', price: '50' },
        ],
        instruments: [
          { id: 'F', type: 'future', underlying: 'U', expiry: '2026-03-19T12:00:00Z', multiplier: '100', price },
          { id: 'G', type: 'future', underlying: 'V', expiry: '2026-06-18T12:00:00Z', multiplier: '10', price: '50' },
          { id: 'C', type: 'option', underlying: 'U', right: 'call', strike: '100', expiry: '2026-03-19T12:00:00Z', exercise: 'european', multiplier: '100' },
        ], // prettier-ignore
      },
      positions: [{ instrument: 'F', quantity: '1', averagePrice: '100' }],
      ...changes,
    });
  const monday = at('monday.json', '100');
  const tuesday = at('tuesday.json', '90', {
    cash: '10500',
    positions: [
      { instrument: 'F', quantity: '1', averagePrice: '100' },
      { instrument: 'G', quantity: '2', averagePrice: '50' },
    ],
  });

  it('adds up by cause and by underlying', async () => {
    const { exitCode, stdout } = await runBallast(['attribute', '--from', monday, '--to', tuesday, '--json'], {});
    expect(exitCode).toBe(0);
    const { change, factors, byUnderlying } = JSON.parse(stdout);
    // U falls by 10: −1,000, 15 % of it less required; V adds 15 % of 1,000; 500 are paid in
    expect(change).toMatchObject({ equity: '-500.00', maintenanceRequirement: '0.00', buffer: '-500.00' });
    const amounts = (rows: Record<string, string>[], key: string) =>
      rows.map((row) => [row[key], row['equity'], row['maintenanceRequirement']]);
    expect(amounts(factors, 'factor')).toEqual(
      expect.arrayContaining([
        ['trades', '0.00', '150.00'],
        ['price', '-1000.00', '-150.00'],
        ['cash', '500.00', '0.00'],
      ]),
    );
    expect(amounts(byUnderlying, 'underlying')).toEqual([
      ['U', '-1000.00', '-150.00'],
      ['V', '0.00', '150.00'],
      [null, '500.00', '0.00'],
    ]);
    const table = await runBallast(['attribute', '--from', monday, '--portfolio', tuesday], {});
    expect(table.stdout).toContain('of which');
    expect(table.stdout).toMatch(/the account +500\.00/);
  }, 30_000);

  it('attributes the example: an index fell and one more put was sold', async () => {
    const example = (name: string) => path.resolve(__dirname, '../../examples', name);
    const words = ['--from', example('strangle.json'), '--to', example('strangle-later.json')];
    const { exitCode, stdout } = await runBallast(['attribute', ...words, '--json'], {});
    expect(exitCode).toBe(0);
    const { change, byUnderlying, factors } = JSON.parse(stdout);
    expect(Number(change.maintenanceRequirement)).toBeGreaterThan(0);
    expect(byUnderlying.map(({ underlying }: { underlying: string | null }) => underlying)).toEqual(['BXI', null]);
    const trades = factors.find(({ factor }: { factor: string }) => factor === 'trades');
    expect(Number(trades.maintenanceRequirement)).toBeGreaterThan(0);
  }, 30_000);

  it('says what is wrong by its exit code', async () => {
    const option = [{ instrument: 'C', quantity: '-1' }];
    const unpriced = at('unpriced.json', '90', { positions: option });
    const euro = at('euro.json', '90', { baseCurrency: 'EUR', fx: [{ from: 'EUR', to: 'USD', rate: '1.1' }] });
    const cases: [string[], number, string][] = [
      [['--from', monday], 2, '--to FILE'],
      [['--from', '-', '--to', '-'], 2, 'standard input'],
      [['--from', monday, '--to', 'nope.json'], 3, 'no such file'],
      [['--from', monday, '--to', euro], 3, 'from USD to EUR'],
      [['--from', monday, '--to', unpriced], 5, 'cannot be valued'],
    ];
    for (const [words, code, message] of cases) {
      const { exitCode, stderr } = await runBallast(['attribute', ...words], {});
      expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)]);
    }
  }, 60_000);
});
