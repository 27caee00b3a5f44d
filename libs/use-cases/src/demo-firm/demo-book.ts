import type { DemoChain } from './demo-chain';
import type { DemoRandom } from './demo-random';

/** Contracts of one instrument: long > 0, short < 0. */
export interface DemoLine {
  readonly instrumentId: string;
  readonly quantity: number;
}

/** A strategy of real life, written as lines of a chain; `size` is the number of contracts sold or bought. */
export type DemoBook = (chain: DemoChain, size: number) => DemoLine[];

const line = (instrumentId: string, quantity: number): DemoLine => ({ instrumentId, quantity });

/** Shares held and calls sold against them. */
export const coveredCall: DemoBook = (chain, size) => [
  line(chain.deltaOne(), 100 * size),
  line(chain.option({ expiry: 0, steps: 3, right: 'call' }), -size),
];

/** Shares held and puts bought as insurance. */
export const protectivePut: DemoBook = (chain, size) => [
  line(chain.deltaOne(), 100 * size),
  line(chain.option({ expiry: 1, steps: -3, right: 'put' }), size),
];

/** Calls and puts sold on both sides: earns time, fears moves. */
export const shortStrangle: DemoBook = (chain, size) => [
  line(chain.option({ expiry: 0, steps: 4, right: 'call' }), -size),
  line(chain.option({ expiry: 0, steps: -4, right: 'put' }), -size),
];

/** A strangle sold with wings bought: the loss is capped. */
export const ironCondor: DemoBook = (chain, size) => [
  line(chain.option({ expiry: 0, steps: 5, right: 'call' }), size),
  line(chain.option({ expiry: 0, steps: 3, right: 'call' }), -size),
  line(chain.option({ expiry: 0, steps: -3, right: 'put' }), -size),
  line(chain.option({ expiry: 0, steps: -5, right: 'put' }), size),
];

/** A near option sold against a later one bought at the same strike. */
export const calendar: DemoBook = (chain, size) => [
  line(chain.option({ expiry: 0, steps: 0, right: 'call' }), -size),
  line(chain.option({ expiry: 2, steps: 0, right: 'call' }), size),
];

/** Futures spread over two deliveries with a call overwritten on the near one. */
export const futuresAndOptions: DemoBook = (chain, size) => [
  line(chain.future(0), 2 * size),
  line(chain.future(2), -size),
  line(chain.option({ expiry: 0, steps: 2, right: 'call' }), -size),
  line(chain.option({ expiry: 1, steps: -2, right: 'put' }), -size),
];

/** Coin-settled: a perpetual held against calls sold and puts bought. */
export const coinCollar: DemoBook = (chain, size) => [
  line(chain.deltaOne(), size),
  line(chain.option({ expiry: 1, steps: 3, right: 'call' }), -size),
  line(chain.option({ expiry: 1, steps: -3, right: 'put' }), size),
];

/** Long options only: nothing more than the premium can be lost. */
export const longStraddle: DemoBook = (chain, size) => [
  line(chain.option({ expiry: 2, steps: 0, right: 'call' }), size),
  line(chain.option({ expiry: 2, steps: 0, right: 'put' }), size),
];

/** A market maker: a line in almost every option of the chain, sizes drawn from the seed, net close to flat. */
export function marketMakerBook(chain: DemoChain, lines: number, random: DemoRandom): DemoLine[] {
  return chain
    .options()
    .slice(0, lines)
    .map((id) => {
      const drawn = Math.round(12 * random.normal());
      return line(id, drawn === 0 ? 1 : drawn);
    });
}
