import { DomainError, type Instrument, type OptionRight } from '@ballast/domain';

/** Finds listed contracts by their place in the chain instead of by name, so that books read like strategies. */
export interface DemoChain {
  /** The option `steps` strikes above (below when negative) the middle of the chain, of the n-th listed expiry. */
  readonly option: (place: { readonly expiry: number; readonly steps: number; readonly right: OptionRight }) => string;
  readonly future: (expiry: number) => string;
  /** The share or the perpetual. */
  readonly deltaOne: () => string;
  /** Every option of the chain in listing order. */
  readonly options: () => readonly string[];
}

export function demoChain(instruments: readonly Instrument[], underlying: string): DemoChain {
  const listed = instruments.filter((instrument) => instrument.underlying === underlying);
  const options = listed.flatMap((instrument) => (instrument.type === 'option' ? [instrument] : []));
  const futures = listed.flatMap((instrument) => (instrument.type === 'future' ? [instrument] : []));
  const expiries = [...new Set(options.map(({ expiry }) => expiry))].sort((left, right) => left - right);
  const missing = (what: string): DomainError =>
    new DomainError('INSTRUMENT_UNKNOWN', `the demo lists no ${what} on ${underlying}`);
  return {
    option: ({ expiry, steps, right }) => {
      const series = options.filter((option) => option.expiry === expiries[expiry] && option.right === right);
      series.sort((left, other) => left.strike.cmp(other.strike));
      const found = series[(series.length - 1) / 2 + steps];
      if (found === undefined) throw missing(`${right} ${steps} steps from the middle, expiry ${expiry}`);
      return found.id;
    },
    future: (expiry) => {
      const found = futures[expiry];
      if (found === undefined) throw missing(`future of expiry ${expiry}`);
      return found.id;
    },
    deltaOne: () => {
      const found = listed.find(({ type }) => type === 'underlying' || type === 'perpetual');
      if (found === undefined) throw missing('share or perpetual');
      return found.id;
    },
    options: () => options.map(({ id }) => id),
  };
}
