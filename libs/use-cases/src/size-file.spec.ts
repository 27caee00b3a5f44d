// Sizing of portfolio files: figures by hand, refusals and text.
import { formatSizeReport, sizeBufferOfFile } from './size-file';

const file = (cash: string, price: string | undefined = '100') =>
  JSON.stringify({
    asOf: '2026-01-05T12:00:00Z',
    methodology: 'TIMS',
    baseCurrency: 'USD',
    cash,
    market: {
      underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '100' }],
      instruments: [
        { id: 'F', type: 'future', underlying: 'U', expiry: '2026-06-18T12:00:00Z', multiplier: '100', price },
        { id: 'C', type: 'option', underlying: 'U', right: 'call', strike: '100', expiry: '2026-06-18T12:00:00Z', multiplier: '100' },
      ], // prettier-ignore
    },
    positions: [{ instrument: price === '100' ? 'F' : 'C', quantity: '1' }],
  });
const days = Array.from({ length: 41 }, (_, day) => new Date(Date.UTC(2025, 10, 20 + day)).toISOString().slice(0, 10));
const prices = (symbol = 'U') => ({
  name: 'prices.csv',
  bytes: Buffer.from(`date,${symbol}\n${days.map((day, index) => `${day},${index % 2 === 0 ? 100 : 99}\n`).join('')}`),
});
const answer = (text: string, history = prices(), choice: object = {}) => {
  const result = sizeBufferOfFile({ text, fileName: 'p.json', prices: history, ...choice });
  if (result.status === 'rejected') throw new Error(`${result.exitCode} ${result.message}`);
  return result;
};
const amountsOf = (text: string) =>
  Object.fromEntries(answer(text).output.components.map(({ name, amount }) => [name, amount]));

describe('sizeBufferOfFile', () => {
  it('of one future with 2,500 agrees with the components by hand', () => {
    const { output } = answer(file('2500'));
    // maintenance 15 % of 10,000
    expect(output).toMatchObject({ quality: 'OK', currency: 'USD' });
    expect(output.buffer).toBeCloseTo(1000, 8);
    const amounts = amountsOf(file('2500'));
    expect(amounts['concentration']).toBeCloseTo(0.1 * 0.5 * 10_000, 8);
    expect(amounts['liquidity']).toBe(0);
    expect(amounts['leverage']).toBe(0);
    expect(output.recommendedBuffer).toBe(Math.max(...output.components.map(({ amount }) => amount)));
    expect(output.components.filter(({ binding }) => binding).map(({ amount }) => amount)).toEqual([
      output.recommendedBuffer,
    ]);
  });

  it('asks more of a leveraged account and looks again sooner', () => {
    const leverage = ['2500', '1800', '900', '400'].map((cash) => amountsOf(file(cash))['leverage']);
    expect(leverage).toEqual([0, 150, 300, 600].map((amount) => expect.closeTo(amount, 8)));
    const [thick, thin] = ['9000', '1600'].map((cash) => answer(file(cash)).output.reviewInterval);
    expect(thin).toBeLessThan(thick as number);
    expect(answer(file('1500')).output.reviewInterval).toBe(1);
    expect(answer(file('-1')).output.components.find(({ name }) => name === 'leverage')?.amount).toBeCloseTo(600, 8);
  });

  it('finds the column of an underlying by its stated name', () => {
    const { output } = answer(file('2500'), prices('ACME'), { symbols: { U: 'ACME' } });
    expect(output).toEqual(answer(file('2500')).output);
  });

  it('exits 5 without a price and 3 without a history', () => {
    const unknown = answer(file('2500', '1'));
    expect(unknown).toMatchObject({ exitCode: 5, output: { recommendedBuffer: null, reviewInterval: null } });
    expect(formatSizeReport(unknown.output)).toContain('Recommended buffer');
    const refused = sizeBufferOfFile({ text: file('2500'), fileName: 'p.json', prices: prices('V') });
    expect(refused).toMatchObject({ status: 'rejected', exitCode: 3 });
  });

  it('marks what binds in its text', () => {
    const { output } = answer(file('2500'));
    const text = formatSizeReport(output);
    const binding = output.components.find((component) => component.binding)?.name;
    expect(text).toContain(`${binding} *`);
    expect(text).toContain('held 1,000.00 USD');
    expect(text).toMatch(/Look again in \d+ minutes/);
  });
});
