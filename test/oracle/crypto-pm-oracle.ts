/**
 * Independent CRYPTO_PM requirement of a portfolio document: every cell priced from scratch per position. Shares no code
 * with libs/.
 */
import { forwardOfHeld, heldContracts, type HeldContract, type PortfolioDocument } from './portfolio-document';
import { oracleBlack, oracleYears } from './lognormal-oracle';

const defaults = {
  priceRange: 0.16, volatilityRangeUp: 0.5, volatilityRangeDown: 0.25, shortTermPower: 0.3, longTermPower: 0.13,
  minVolatilityForShockUp: 0.5, extendedMoves: [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5], extendedTableFactor: 1,
  extendedDampener: 100000, pnlOffset: 1, annualisedMoveRisk: 0.075, minAnnualisedMove: 0.01,
  deltaShockThresholdUsd: 20000000, deltaShockSlope: 5e-5, maxDeltaShock: 0.1, maintenanceFactor: 0.8, openOrders: 0,
  marketMakerProtection: 0,
}; // prettier-ignore

/** Requirement in the base currency: USD, or the coin of a one-coin book. Quotes are in USD. */
export function cryptoPmOracle(document: PortfolioDocument) {
  const account = { ...defaults, ...document.parameters };
  const held = heldContracts(document);
  const ids = [...new Set(held.map(({ underlying }) => underlying.id))].sort();
  const parts = ids.map((id) => underlyingPart(document, held.filter(({ underlying }) => underlying.id === id), {
    ...account,
    ...document.parameters?.underlyings?.[id],
  })); // prettier-ignore
  const losses = (parts[0]?.losses ?? []).map((_, row) =>
    parts.reduce((sum, { losses: own }) => {
      const loss = own[row] as number;
      return sum + (loss < 0 && parts.length > 1 ? account.pnlOffset * loss : loss);
    }, 0),
  );
  const worst = Math.max(0, ...losses);
  const roll = parts.reduce((sum, part) => sum + part.roll, 0);
  const deltaShock = parts.reduce((sum, part) => sum + part.deltaShock, 0);
  const riskMatrix = worst + roll + deltaShock;
  return {
    losses,
    worst,
    roll,
    deltaShock,
    riskMatrix,
    initialRequirement: riskMatrix + account.openOrders + account.marketMakerProtection,
    maintenanceRequirement: account.maintenanceFactor * riskMatrix,
  };
}

function underlyingPart(document: PortfolioDocument, held: readonly HeldContract[], p: typeof defaults) {
  const index = Number(held[0]?.underlying.price);
  const inCoin = document.baseCurrency !== 'USD';
  const losses: number[] = [];
  for (let quarter = -4; quarter <= 4; quarter += 1) {
    for (const direction of ['up', 'same', 'down'] as const) {
      const move = (p.priceRange * quarter) / 4;
      let usdAtIndex = 0;
      for (const position of held) usdAtIndex += pnlAtIndex(document, position, move, direction, p);
      losses.push(inCoin ? -usdAtIndex / index : -usdAtIndex);
    }
  }
  for (const move of p.extendedMoves) {
    const scale = (p.extendedTableFactor * p.priceRange) / Math.abs(move);
    let coinUsd = 0;
    let cashUsd = 0;
    for (const position of held) {
      const pnl = pnlAtIndex(document, position, move, 'up', p);
      if (position.instrument.settlement === 'inverse') coinUsd += pnl * (1 + move) * scale;
      else cashUsd += pnl * scale;
    }
    const total = coinUsd + cashUsd;
    const relief = Math.min(Math.abs(total), (Math.abs(move) / p.priceRange - 1) * p.extendedDampener);
    const kept = total < 0 ? (total + relief) / total : 1;
    const counted = kept * (coinUsd / (1 + Math.sign(move) * p.priceRange) + cashUsd);
    losses.push(inCoin ? -counted / index : -counted);
  }
  const deltas = held.map((position) => ({ years: yearsOf(document, position), coins: deltaOf(document, position) }));
  const expiries = [...new Set(deltas.map(({ years }) => years))];
  const roll = expiries.reduce((sum, years) => {
    const net = deltas.filter((item) => item.years === years).reduce((total, { coins }) => total + coins, 0);
    return sum + Math.abs(net) * Math.max(Math.exp(p.annualisedMoveRisk * years) - 1, p.minAnnualisedMove);
  }, 0);
  const netUsd = deltas.reduce((sum, { coins }) => sum + coins, 0) * index;
  const excess = Math.max(0, Math.abs(netUsd) - p.deltaShockThresholdUsd);
  const shockUsd = excess * Math.min(p.maxDeltaShock, (p.deltaShockSlope * excess) / 1e6);
  return { losses, roll: inCoin ? roll : roll * index, deltaShock: inCoin ? shockUsd / index : shockUsd };
}

/** Profit of a position, coin amounts valued at the unshocked index [USD]. */
function pnlAtIndex(
  document: PortfolioDocument,
  position: HeldContract,
  move: number,
  direction: 'up' | 'same' | 'down',
  p: typeof defaults,
): number {
  const { instrument, underlying, multiplier, quantity } = position;
  const index = Number(underlying.price);
  const coins = quantity * multiplier;
  const inverse = instrument.settlement === 'inverse';
  if (instrument.type !== 'option') {
    const price = Number(instrument.price);
    return coins * (inverse ? index * (1 - 1 / (1 + move)) : price * move);
  }
  const years = yearsOf(document, position);
  const forward = forwardOfHeld(position, years);
  const base = instrument.volatility as number;
  const days = Math.max(1, years * 365);
  const term = Math.pow(30 / days, days < 30 ? p.shortTermPower : p.longTermPower);
  const volatility =
    direction === 'same'
      ? base
      : direction === 'up'
        ? Math.max(p.minVolatilityForShockUp, base * (1 + p.volatilityRangeUp * term))
        : Math.max(0, base * (1 - p.volatilityRangeDown * term));
  const option = { right: instrument.right ?? 'call', strike: Number(instrument.strike), years };
  const before = oracleBlack({ ...option, forward, volatility: base }).value;
  const after = oracleBlack({ ...option, forward: forward * (1 + move), volatility }).value;
  if (inverse) return coins * index * (after / (forward * (1 + move)) - before / forward);
  return coins * (after - before) * Math.exp(-(underlying.rate ?? 0) * years);
}

function deltaOf(document: PortfolioDocument, position: HeldContract): number {
  const { instrument, underlying, multiplier, quantity } = position;
  if (instrument.type !== 'option') return quantity * multiplier;
  const years = yearsOf(document, position);
  const forward = forwardOfHeld(position, years);
  const option = { right: instrument.right ?? 'call', strike: Number(instrument.strike), years };
  const { delta } = oracleBlack({ ...option, forward, volatility: instrument.volatility as number });
  const toSpot = (Math.exp(-(underlying.rate ?? 0) * years) * forward) / Number(underlying.price);
  return quantity * multiplier * delta * (instrument.settlement === 'inverse' ? 1 : toSpot);
}

function yearsOf(document: PortfolioDocument, { instrument }: HeldContract): number {
  return instrument.expiry === undefined ? 0 : oracleYears(document.asOf, instrument.expiry);
}
