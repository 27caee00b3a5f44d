// Values of the options of analyses: amounts, fractions and moves by name.
import { type CashBalance, Decimal, parseCurrency } from '@ballast/domain';

/** Reads a fraction: `-0.1` or `-10%`. @throws Error */
export function readFraction(text: string): number {
  const [, digits, percent] = /^([-+]?\d+(?:\.\d+)?)( ?%)?$/.exec(text.trim()) ?? [];
  if (digits === undefined) throw new Error(`expected a fraction such as -0.1 or -10%, got "${text}"`);
  return percent === undefined ? Number(digits) : Number(new Decimal(digits).div(100));
}

/** Reads a plain number. @throws Error */
export function readNumber(text: string): number {
  if (!/^[-+]?\d+(?:\.\d+)?$/.test(text.trim())) throw new Error(`expected a number, got "${text}"`);
  return Number(text);
}

/** A value for everything, and values by name: `-0.1`, `IBM=-0.2`, or both separated by commas. */
export interface NamedNumbers {
  readonly general?: number;
  readonly byName: Readonly<Record<string, number>>;
}

/** Reads numbers by name, one without a name for all the others. @throws Error also for a name twice */
export function readNamedNumbers(text: string, read: (part: string) => number): NamedNumbers {
  let general: number | undefined;
  const byName = new Map<string, number>();
  for (const part of text.split(',')) {
    const cut = part.lastIndexOf('=');
    if (cut < 0) {
      if (general !== undefined) throw new Error(`two values without a name in "${text}"`);
      general = read(part);
    } else {
      const name = part.slice(0, cut).trim();
      if (name === '' || byName.has(name)) throw new Error(`${name === '' ? 'no name' : `${name} twice`} in "${text}"`);
      byName.set(name, read(part.slice(cut + 1)));
    }
  }
  return { ...(general === undefined ? {} : { general }), byName: Object.fromEntries(byName) };
}

/** Reads movements of cash: `5000` in the base currency, `EUR=-200` in another; base is marked by an empty code. */
export function readCash(text: string): readonly CashBalance[] {
  return text.split(',').map((part) => {
    const cut = part.indexOf('=');
    const currency = cut < 0 ? '' : parseCurrency(part.slice(0, cut).trim(), 'currency');
    return { currency, amount: readAmount(part.slice(cut + 1).trim()) };
  });
}

/** Reads an exact amount in plain digits. @throws Error */
export function readAmount(text: string): Decimal {
  if (!/^[-+]?\d{1,18}(?:\.\d{1,10})?$/.test(text))
    throw new Error(`expected plain digits such as -1234.50, got "${text}"`);
  return new Decimal(text.replace(/^\+/, ''));
}
