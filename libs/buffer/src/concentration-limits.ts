import { type ConcentrationLimit, Decimal, type Money, type ScheduleLimits } from '@ballast/domain';

/** A holding as the limits see it. */
export interface LimitedValue {
  readonly asset: string;
  /** Assets of one issuer share the limit of an asset: shares pledged by name and by ISIN. */
  readonly issuer: string;
  readonly assetClass: string | undefined;
  readonly schedule: string | undefined;
  /** Value after haircut and FX haircut [base currency]; owed and ineligible holdings are not limited. */
  readonly value: Decimal;
}

/** What limits take off: the exact total, and its share per holding. */
export interface ConcentrationExcess {
  /** Σ of what is not counted [base currency], exact; ≥ 0. */
  readonly total: Decimal;
  /** Per holding, in the order given: what is not counted and by which limit. Shares of one excess are pro rata. */
  readonly shares: readonly { readonly excess: Decimal; readonly limitedBy: string | null }[];
}

/**
 * Applies concentration limits. Each asset first, then each class on what is left: a group worth V loses
 * excess haircut · max(0, V − cap), cap = min(share · T, amount), T = Σ positive values of the schedule after haircuts and
 * before limits. A limit that names its target wins over `*`.
 *
 * A lower limit never gives a higher value, and more collateral of any kind never a lower one.
 *
 * @param amountInBase  converts the amount of a limit to the base currency
 */
export function applyConcentrationLimits(
  values: readonly LimitedValue[],
  scheduleLimits: readonly ScheduleLimits[],
  amountInBase: (amount: Money) => Decimal,
): ConcentrationExcess {
  const shares: Share[] = values.map(() => ({ excess: new Decimal(0), limitedBy: null }));
  let total = new Decimal(0);
  for (const { schedule, limits } of scheduleLimits) {
    if (limits.length === 0) continue;
    const members = values.flatMap((item, index) =>
      item.schedule === schedule && item.value.greaterThan(0) ? [{ ...item, index }] : [],
    );
    const whole = sumOf(members.map(({ value }) => value));
    const capOf = ({ share, amount }: ConcentrationLimit): Decimal => {
      const caps = [
        ...(share === undefined ? [] : [whole.times(share)]),
        ...(amount === undefined ? [] : [amountInBase(amount)]),
      ];
      return Decimal.min(...caps);
    };
    for (const ofClass of groupsOf(members, ({ assetClass }) => assetClass ?? '')) {
      let valueOfClass = new Decimal(0);
      for (const ofAsset of groupsOf(ofClass, ({ issuer }) => issuer)) {
        const value = sumOf(ofAsset.map((member) => member.value));
        const limit = assetLimit(limits, ofAsset);
        const off = takeOff({ limit, value, capOf, group: ofAsset, shares });
        valueOfClass = valueOfClass.plus(value).minus(off);
        total = total.plus(off);
      }
      const limit = limitFor(limits, 'class', ofClass[0]?.assetClass);
      total = total.plus(takeOff({ limit, value: valueOfClass, capOf, group: ofClass, shares }));
    }
  }
  return { total, shares };
}

interface Share {
  readonly excess: Decimal;
  readonly limitedBy: string | null;
}

type Member = LimitedValue & { readonly index: number };

/** Takes the excess of a group off its members, pro rata to what is left of them; returns it exactly. */
function takeOff(input: {
  readonly limit: ConcentrationLimit | undefined;
  readonly value: Decimal;
  readonly capOf: (limit: ConcentrationLimit) => Decimal;
  readonly group: readonly Member[];
  readonly shares: Share[];
}): Decimal {
  const { limit, value, capOf, group, shares } = input;
  if (limit === undefined) return new Decimal(0);
  const off = Decimal.max(0, value.minus(capOf(limit))).times(limit.excessHaircut);
  if (off.isZero()) return off;
  for (const { index, value: own } of group) {
    const { excess } = shares[index] as Share;
    const part = own.minus(excess).times(off).div(value);
    shares[index] = { excess: excess.plus(part), limitedBy: `${limit.scope} limit of ${limit.target}` };
  }
  return off;
}

/** The limit of a group of assets: the one that names any of them or their issuer, else that of every asset. */
function assetLimit(limits: readonly ConcentrationLimit[], group: readonly Member[]): ConcentrationLimit | undefined {
  const names = new Set(group.flatMap(({ asset, issuer }) => [issuer, asset]));
  const named = limits.filter(({ scope, target }) => scope === 'asset' && names.has(target));
  const capped = (limit: ConcentrationLimit): number => limit.share ?? Infinity;
  return [...named].sort((left, right) => capped(left) - capped(right))[0] ?? limitFor(limits, 'asset', '*');
}

function limitFor(
  limits: readonly ConcentrationLimit[],
  scope: ConcentrationLimit['scope'],
  target: string | undefined,
): ConcentrationLimit | undefined {
  if (target === undefined) return undefined;
  const ofScope = limits.filter((limit) => limit.scope === scope);
  return ofScope.find((limit) => limit.target === target) ?? ofScope.find((limit) => limit.target === '*');
}

function groupsOf(members: readonly Member[], keyOf: (member: Member) => string): Member[][] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const group = groups.get(keyOf(member));
    if (group === undefined) groups.set(keyOf(member), [member]);
    else group.push(member);
  }
  return [...groups.values()];
}

function sumOf(values: readonly Decimal[]): Decimal {
  return values.reduce((sum, value) => sum.plus(value), new Decimal(0));
}
