import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseDelimited, rowOf, runBallast } from '../support/ballast-process';

const golden = path.resolve(__dirname, '../../../shared/golden');
const maybe = existsSync(golden) ? describe : describe.skip;
const folder = mkdtempSync(path.join(tmpdir(), 'ballast-price-'));
const inFolder = (name: string) => path.join(folder, name);
const write = (name: string, text: string): string => {
  writeFileSync(inFolder(name), text);
  return inFolder(name);
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const goldenRows = (name: string) =>
  parseDelimited(readFileSync(path.join(golden, name), 'utf8').replaceAll('\r\n', '\n'));
const table = (rows: readonly (readonly string[])[]) => `${rows.map((row) => row.join(',')).join('\n')}\n`;

/** Largest difference of a column to its golden numbers, relative to the larger of 1e-290 and the number. */
function worstRelative(
  priced: readonly Record<string, string>[],
  reference: readonly Record<string, string>[],
  [column, goldenColumn]: readonly [string, string],
): number {
  let worst = 0;
  priced.forEach((row, index) => {
    const expected = Number(rowOf(reference[index], goldenColumn));
    const actual = Number(rowOf(row, column));
    if (Math.abs(expected) < 1e-290) return;
    // Second-order Greeks cross zero; there their size beside the price level counts.
    const scale = Math.max(Math.abs(expected), 1e-9);
    worst = Math.max(worst, Math.abs(actual - expected) / scale);
  });
  return worst;
}

maybe('ballast price on golden numbers (skipped: shared data not present)', () => {
  it('prices Black-Scholes with every sensitivity', async () => {
    const reference = goldenRows('black-scholes-reference.csv');
    const header = ['volatility', 'id', 'right', 'model', 'spot', 'strike', 'yearsToExpiry', 'rate', 'dividendYield'];
    const rows = reference.map((row) => [
      ...['sigma', 'id', 'type'].map((name) => rowOf(row, name)),
      'black-scholes',
      ...['S', 'K', 'T', 'r', 'q'].map((name) => rowOf(row, name)),
    ]);
    const { exitCode, stdout } = await runBallast(['price', '--in', write('bs.csv', table([header, ...rows]))], {});
    expect(exitCode).toBe(0);
    const priced = parseDelimited(stdout);
    expect(priced).toHaveLength(reference.length);
    expect(Object.keys(priced[0] ?? {})).toEqual([
      ...header,
      ...'price,delta,gamma,vega,theta,rho,dividendRho,vanna,volga,charm,veta,speed,zomma,color,dualDelta,dualGamma,error'.split(
        ',',
      ),
    ]);
    const columns = [
      ['price', 'price'], ['delta', 'delta'], ['gamma', 'gamma'], ['vega', 'vega'], ['rho', 'rho'], ['dividendRho', 'phi'],
      ['dualDelta', 'dual_delta'], ['dualGamma', 'dual_gamma'], ['theta', 'theta'], ['vanna', 'vanna'], ['volga', 'volga'],
      ['charm', 'charm'], ['veta', 'veta'], ['speed', 'speed'], ['zomma', 'zomma'], ['color', 'color'],
    ] as const; // prettier-ignore
    for (const column of columns)
      expect([column[0], worstRelative(priced, reference, column) < 1e-9]).toEqual([column[0], true]);
  });

  it('prices Black-76 and Bachelier with the columns they define', async () => {
    const header = ['id', 'model', 'right', 'forward', 'strike', 'yearsToExpiry', 'rate', 'volatility'];
    for (const [file, model, sigma] of [
      ['black76-reference.csv', 'black76', 'sigma'],
      ['bachelier-reference.csv', 'bachelier', 'sigma_n'],
    ] as const) {
      const reference = goldenRows(file);
      const rows = reference.map((row) => [
        rowOf(row, 'id'),
        model,
        ...['type', 'F', 'K', 'T', 'r', sigma].map((name) => rowOf(row, name)),
      ]);
      const { exitCode, stdout } = await runBallast(['price', '--in', write(file, table([header, ...rows]))], {});
      expect(exitCode).toBe(0);
      const priced = parseDelimited(stdout);
      for (const name of ['price', 'delta', 'gamma', 'vega', 'theta', 'rho', 'vanna', 'volga']) {
        expect([model, name, worstRelative(priced, reference, [name, name]) < 1e-9]).toEqual([model, name, true]);
      }
      expect(priced.every((row) => row['dividendRho'] === '' && row['error'] === '')).toBe(true);
      expect(priced.every((row) => (row['charm'] === '') === (model === 'bachelier'))).toBe(true);
    }
  });

  it('prices American options accurately, fast, by Barone-Adesi-Whaley and on a tree', async () => {
    const reference = goldenRows('american-reference.csv').slice(0, 40);
    const header = [
      'model',
      'right',
      'spot',
      'strike',
      'yearsToExpiry',
      'rate',
      'dividendYield',
      'volatility',
      'mode',
      'steps',
    ];
    const variants = [
      ['american-alo', 'accurate', '', 'american_ref', 1e-4],
      ['american-alo', 'fast', '', 'american_ref', 1.5e-3],
      ['american-baw', '', '', 'baw', 1e-3],
      ['binomial-crr', '', '201', 'american_ref', 5e-2],
    ] as const;
    const rows = variants.flatMap(([model, mode, steps]) =>
      reference.map((row) => [
        model,
        ...['type', 'S', 'K', 'T', 'r', 'q', 'sigma'].map((name) => rowOf(row, name)),
        mode,
        steps,
      ]),
    );
    const { exitCode, stdout } = await runBallast(
      ['price', '--in', write('american.csv', table([header, ...rows]))],
      {},
    );
    expect(exitCode).toBe(0);
    const priced = parseDelimited(stdout);
    variants.forEach(([model, mode, , column, tolerance], variant) => {
      const worst = Math.max(
        ...reference.map((row, index) => {
          const price = Number(rowOf(priced[variant * reference.length + index], 'price'));
          return Math.abs(price - Number(rowOf(row, column)));
        }),
      );
      expect([model, mode, worst <= tolerance]).toEqual([model, mode, true]);
    });
    expect(priced.every((row) => row['rho'] !== '' && row['vanna'] === '')).toBe(true);
  });

  it('inverts prices to the published volatilities and statuses', async () => {
    const reference = goldenRows('implied-volatility-reference.csv');
    const header = ['price', 'right', 'forward', 'strike', 'yearsToExpiry', 'discountFactor'];
    const rows = reference.map((row) => ['price', 'type', 'F', 'K', 'T', 'df'].map((name) => rowOf(row, name)));
    const out = inFolder('iv-out.csv');
    const words = ['implied-volatility', '--in', write('iv.csv', table([header, ...rows])), '--out', out];
    expect(await runBallast(words, {})).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const solved = parseDelimited(readFileSync(out, 'utf8'));
    const statuses: Record<string, string> = {
      ok: 'ok',
      at_or_below_intrinsic: 'below-intrinsic',
      at_or_above_maximum: 'above-maximum',
    };
    solved.forEach((row, index) => {
      const expected = reference[index];
      expect(row['status']).toBe(statuses[rowOf(expected, 'status')]);
      if (row['status'] !== 'ok') return;
      const error = Math.abs(Number(row['volatility']) / Number(rowOf(expected, 'sigma_ref')) - 1);
      expect(error).toBeLessThanOrEqual(8 * 2.3e-16 * Math.max(1, Number(rowOf(expected, 'cond'))));
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('ballast price', () => {
  const header = 'id,model,right,spot,forward,strike,yearsToExpiry,rate,dividendYield,volatility';
  const good = '1,black-scholes,call,100,,95,0.5,0.03,0.01,0.2';

  it('prices the good rows and names the bad ones', async () => {
    const bad = [
      '2,black76,call,100,100,95,0.5,0.03,,0.2',
      '3,black-scholes,call,,100,95,0.5,0.03,0.01,0.2',
      '4,black-scholes,call,100,,-95,0.5,0.03,0.01,0.2',
      '5,black-scholes,call,100,,95,0.5,0.03,0.01,-0.2',
      '6,black-scholes,call,100,,95,0.5,0.03,0.01,NaN',
      '7,black-scholes,call,100,,95,"0,5",0.03,0.01,0.2',
      '8,black-scholes,call,100',
      '9,heston,call,100,,95,0.5,0.03,0.01,0.2',
    ];
    const infinite = '10,black-scholes,put,100,,95,0.5,0,0,Infinity';
    const file = write('mixed.csv', [header, good, ...bad, infinite].join('\n'));
    const { exitCode, stdout, stderr } = await runBallast(['price', '--in', file], {});
    expect(exitCode).toBe(3);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[1]).toContain(',8.902417741289007,');
    expect(lines[10]).toContain(',Infinity,95,');
    expect(lines.slice(2, 10).map((line) => line.replace(/^.*?,{10,}/, ''))).toEqual([
      '"spot: black76 takes forward, so spot must be empty"',
      '"forward: black-scholes takes spot, so forward must be empty"',
      '"strike must be ≥ 0, got -95"',
      '"volatility must be ≥ 0, got -0.2"',
      '"volatility: value ""NaN"": not a finite number"',
      '"yearsToExpiry: value ""0,5"": decimal comma; write a decimal point and no separators"',
      '4 values where the header has 10',
      '"model: value ""heston"": expected black-scholes or black76 or bachelier or american-alo or american-baw or binomial-crr"',
    ]);
    expect(stderr).toContain(`${file}:3: spot: black76 takes forward`);
    expect(stderr).toContain('8 of 10 rows refused');
    expect(stderr).toContain('warning:');
  });

  it('reads standard input and writes JSON', async () => {
    const { exitCode, stdout } = await runBallast(['price', '--in', '-', '--json'], {}, `${header}\n${good}\n`);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ id: '1', strike: '95', price: 8.902417741289007 }]);
  });

  it.each([
    ['an unknown column', `${header},vol\n${good},1\n`, ':1: column vol: unknown column'],
    [
      'a missing column',
      'model,right,spot,strike,yearsToExpiry,volatility\nx,y,1,1,1,1\n',
      ':1: column rate: the column is missing',
    ],
    ['an unclosed quote', `${header}\n${good}\n"2,x\n`, ':3: a quoted value is not closed'],
    ['mixed line ends', `${header}\n${good}\r\n`, ':2: mixed line ends'],
    ['an empty file', '', ': the file is empty'],
    ['a header alone', `${header}\n`, ':1: the file holds a header and no rows'],
    ['UTF-16', Buffer.from(`\ufeff${header}`, 'utf16le').toString('latin1'), ''],
  ])('refuses %s and leaves no output', async (name, text, message) => {
    const file = write('refused.csv', text);
    if (name === 'UTF-16') writeFileSync(file, Buffer.from(`\ufeff${header}\n`, 'utf16le'));
    const out = inFolder('refused-out.csv');
    const { exitCode, stderr } = await runBallast(['price', '--in', file, '--out', out], {});
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`${file}${message}`);
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(folder).filter((entry) => entry.endsWith('.part'))).toEqual([]);
  });

  it('replaces an output that exists', async () => {
    const out = write('existing.csv', 'old');
    const file = write('one.csv', `${header}\n${good}\n`);
    expect(await runBallast(['price', '--in', file, '--out', out], {})).toMatchObject({ exitCode: 0 });
    expect(readFileSync(out, 'utf8')).toContain('8.902417741289007');
  });
});
