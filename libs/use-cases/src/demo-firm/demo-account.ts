import type { Instrument, Methodology } from '@ballast/domain';
import {
  calendar,
  coinCollar,
  coveredCall,
  futuresAndOptions,
  ironCondor,
  longStraddle,
  marketMakerBook,
  protectivePut,
  shortStrangle,
  type DemoBook,
  type DemoLine,
} from './demo-book';
import { demoChain } from './demo-chain';
import { demoRandom } from './demo-random';

/** A firm of the demo: one tenant, with the underlyings its clients trade. */
export interface DemoFirmPlan {
  readonly code: string;
  readonly name: string;
  readonly underlyings: readonly string[];
  /** The firm's clients trade no further from the money than this many strikes on either side. */
  readonly strikesPerSideMaximum: number;
  /** Strikes on either side that are quoted before exchanges list more. */
  readonly strikesPerSideAtFirst: number;
}

export const demoFirms: readonly DemoFirmPlan[] = [
  {
    code: 'HARBOUR',
    name: 'Harbour Securities',
    underlyings: ['ALTA', 'BXI', 'HCX'],
    strikesPerSideMaximum: 9,
    strikesPerSideAtFirst: 5,
  },
  {
    code: 'MERIDIAN',
    name: 'Meridian Futures',
    underlyings: ['CRUDE', 'EURUSD', 'BXI'],
    strikesPerSideMaximum: 4,
    strikesPerSideAtFirst: 3,
  },
  {
    code: 'NORDLICHT',
    name: 'Nordlicht Digital',
    underlyings: ['BTC'],
    strikesPerSideMaximum: 7,
    strikesPerSideAtFirst: 4,
  },
];

/** An account of the demo: what it opened with, and what changed on later days of the history. */
export interface DemoAccount {
  readonly firmCode: string;
  readonly code: string;
  readonly name: string;
  readonly baseCurrency: string;
  readonly methodology: Methodology;
  /** Cash from the first day, in the base currency; plain digits. */
  readonly cash: string;
  readonly lines: readonly DemoLine[];
  /** Deposits (> 0) and withdrawals (< 0): cash balance after the movement, valid from that day of the history. */
  readonly laterCash: readonly { readonly day: number; readonly balance: string }[];
  /** Positions that replace the opening ones from that day on. */
  readonly laterLines: readonly { readonly day: number; readonly lines: readonly DemoLine[] }[];
}

interface Strategy {
  readonly prefix: string;
  readonly title: string;
  readonly underlying: string;
  readonly book: DemoBook;
  /** One account per size. */
  readonly sizes: readonly number[];
  /** Cash per unit of size; coins for coin-settled books. */
  readonly cashPerSize: number;
}

const strategiesByFirm: Readonly<Record<string, readonly Strategy[]>> = {
  HARBOUR: [
    { prefix: 'CC', title: 'Covered calls', underlying: 'ALTA', book: coveredCall, sizes: [5, 12, 30, 80], cashPerSize: -6500 },
    { prefix: 'PP', title: 'Protected shares', underlying: 'ALTA', book: protectivePut, sizes: [10, 25], cashPerSize: -9000 },
    { prefix: 'SS', title: 'Short strangles', underlying: 'BXI', book: shortStrangle, sizes: [1, 2, 3, 5, 8], cashPerSize: 95000 },
    { prefix: 'SA', title: 'Short strangles on shares', underlying: 'ALTA', book: shortStrangle, sizes: [10, 20, 40], cashPerSize: 4400 },
    { prefix: 'IC', title: 'Iron condors', underlying: 'BXI', book: ironCondor, sizes: [2, 4, 6, 10, 15], cashPerSize: 26000 },
    { prefix: 'IH', title: 'Iron condors, large caps', underlying: 'HCX', book: ironCondor, sizes: [5, 10, 20], cashPerSize: 7200 },
    { prefix: 'CA', title: 'Calendars', underlying: 'HCX', book: calendar, sizes: [4, 9, 16], cashPerSize: 2500 },
    { prefix: 'LS', title: 'Long straddles', underlying: 'HCX', book: longStraddle, sizes: [2, 6], cashPerSize: -6000 },
  ],
  MERIDIAN: [
    { prefix: 'FO', title: 'Crude futures and options', underlying: 'CRUDE', book: futuresAndOptions, sizes: [1, 2, 3, 5, 8, 12, 20], cashPerSize: 40000 },
    { prefix: 'FX', title: 'Euro futures and options', underlying: 'EURUSD', book: futuresAndOptions, sizes: [1, 3, 6, 10, 15, 18], cashPerSize: 12000 },
    { prefix: 'IX', title: 'Index futures and options', underlying: 'BXI', book: futuresAndOptions, sizes: [1, 2, 4, 6, 9], cashPerSize: 215000 },
  ],
  NORDLICHT: [
    { prefix: 'CB', title: 'Coin collars', underlying: 'BTC', book: coinCollar, sizes: [1, 2, 5, 10, 25, 40], cashPerSize: 1.15 },
    { prefix: 'CS', title: 'Coin strangles', underlying: 'BTC', book: shortStrangle, sizes: [1, 3, 6, 12, 20, 30], cashPerSize: 0.42 },
  ],
}; // prettier-ignore

/** Writes the sixty accounts of the demo against the contracts each firm lists. */
export function demoAccounts(firm: DemoFirmPlan, instruments: readonly Instrument[], days: number): DemoAccount[] {
  const strategies = strategiesByFirm[firm.code] ?? [];
  const coin = firm.code === 'NORDLICHT';
  const accounts = strategies.flatMap((strategy) =>
    strategy.sizes.map((size, index): DemoAccount => {
      const chain = demoChain(instruments, strategy.underlying);
      // Later accounts of a strategy are thinner funded, so that the ladder shows every step of it.
      const thinness = 1 - 0.07 * index;
      const cash = strategy.cashPerSize * size * (strategy.cashPerSize > 0 ? thinness : 1);
      return {
        firmCode: firm.code,
        code: `${strategy.prefix}-${String(index + 1).padStart(3, '0')}`,
        name: `${strategy.title} ${index + 1}`,
        baseCurrency: coin ? 'BTC' : 'USD',
        methodology: coin ? 'CRYPTO_PM' : 'SPAN',
        cash: cash.toFixed(coin ? 4 : 2),
        lines: strategy.book(chain, size),
        laterCash:
          index === 1
            ? [{ day: Math.floor(days * 0.66), balance: (cash + Math.abs(cash) * 0.3).toFixed(coin ? 4 : 2) }]
            : [],
        laterLines: index === 2 ? [{ day: Math.floor(days * 0.35), lines: strategy.book(chain, size + 1) }] : [],
      };
    }),
  );
  return firm.code === 'HARBOUR' ? [...accounts, ...specialAccounts(instruments, days)] : accounts;
}

function specialAccounts(instruments: readonly Instrument[], days: number): DemoAccount[] {
  const usd = { firmCode: 'HARBOUR', baseCurrency: 'USD', methodology: 'SPAN', laterCash: [], laterLines: [] } as const;
  const index = demoChain(instruments, 'BXI');
  // The market maker opens its book in all that is listed in the end, for the last weeks of the history.
  const random = demoRandom(400);
  const dealer = ['ALTA', 'BXI', 'HCX'].flatMap((id) =>
    marketMakerBook(demoChain(instruments, id), id === 'HCX' ? 112 : 152, random),
  );
  return [
    {
      ...usd,
      code: 'MM-001',
      name: 'Market maker, 400 lines',
      cash: '7900000.00',
      lines: [],
      laterLines: [{ day: Math.floor(days * 0.85), lines: dealer }],
    },
    { ...usd, code: 'EMPTY-001', name: 'Cash only, no position', cash: '250000.00', lines: [] },
    { ...usd, code: 'DEEP-001', name: 'Deep in a margin call', cash: '200000.00', lines: shortStrangle(index, 6) },
  ];
}
