/**
 * Independent CRYPTO_PMRM health of a portfolio document with one underlying, quoted in USD; parameters in full in the
 * document. Shares no code with libs/.
 */
import { oracleBlack } from './lognormal-oracle';
import {
  heldContracts,
  type DocumentUnderlying,
  type HeldContract,
  type PortfolioDocument,
} from './portfolio-document';

/** Health figures and the loss of every scenario, the basis contingency last. */
export function cryptoPmrmOracle(document: PortfolioDocument) {
  const p = document.parameters;
  const underlying = document.market?.underlyings?.[0] as DocumentUnderlying;
  const held = heldContracts(document);
  const spot = Number(underlying.price);
  const stable = Number(underlying.stablePrice ?? '1');
  const options = held.filter(({ instrument }) => instrument.type === 'option');
  const perpetuals = held.filter(({ instrument }) => instrument.type === 'perpetual');
  const perpetual = perpetuals.reduce((sum, { quantity, multiplier }) => sum + quantity * multiplier, 0);
  const perpetualPrice = Number(underlying.perpetual?.price ?? '0');
  const collateral = (document.collateral ?? []).map((item) => ({
    ...item,
    value: (Number(item.quantity) * Number(item.price)) / stable,
  }));
  const offsetting = collateral.filter((item) => item.riskCancelling).reduce((sum, { value }) => sum + value, 0);
  const expiries = [...new Set(options.map(({ instrument }) => instrument.expiry as string))].map((expiry) =>
    expiryOf(document, underlying, options, expiry),
  );

  const losses: number[] = p.scenarios.map(
    (scenario: { spotShock: number; volatilityShock: string; dampening: number }) => {
      const skewed = ['LINEAR', 'ABS'].includes(scenario.volatilityShock);
      let pnl = (perpetual * perpetualPrice + offsetting) * (scenario.spotShock - 1);
      for (const expiry of expiries) {
        const forward = skewed ? expiry.forward : moved(expiry, scenario.spotShock);
        const shocked = expiry.value(forward, (sigma, strike) =>
          shockedVolatility(sigma, strike, expiry, scenario.volatilityShock, p),
        );
        const change = discounted(shocked, expiry, p) - expiry.value(expiry.forward, (sigma) => sigma);
        pnl += skewed ? -Math.abs(change) : change;
      }
      return -pnl * scenario.dampening;
    },
  );
  const basis = expiries.reduce((sum, expiry) => {
    const base = expiry.value(expiry.forward, (sigma) => sigma);
    const [up, down] = [p.basisContingency.shockUp, p.basisContingency.shockDown].map(
      (shock: number) => expiry.value(moved(expiry, shock), (sigma) => sigma) - base,
    ) as [number, number];
    const factor = p.basisContingency.addFactor + p.basisContingency.multFactor * expiry.years;
    return sum - Math.min(up, down, 0) * factor;
  }, 0);
  losses.push(basis);
  const worst = Math.max(...losses);

  const o = p.otherContingency;
  const naked = expiries.reduce((sum, { naked: own }) => sum + own, 0);
  const haircut = (key: 'mmHaircut' | 'imHaircut') =>
    collateral.reduce((sum, item) => sum + item.value * (item[key] ?? 0), 0);
  const maintenanceContingency =
    Math.abs(perpetual) * spot * o.mmPerpPercent + naked * spot * o.mmOptionPercent + haircut('mmHaircut');
  const term = (confidence: number, notional: number) =>
    confidence < o.confidenceThreshold ? (1 - confidence) * o.confidenceMargin * notional : 0;
  const spotConfidence = underlying.confidence ?? 1;
  const perpetualConfidence = Math.min(spotConfidence, underlying.perpetual?.confidence ?? 1);
  let initialContingency =
    Math.abs(perpetual) * spot * o.imPerpPercent + naked * spot * o.imOptionPercent + haircut('imHaircut');
  if (perpetual !== 0) initialContingency += term(perpetualConfidence, Math.abs(perpetual) * spot);
  for (const expiry of expiries) {
    const market = perpetual !== 0 ? perpetualConfidence : spotConfidence;
    initialContingency += term(Math.min(market, expiry.confidence), expiry.coins * spot);
  }
  for (const item of collateral) initialContingency += term(Math.min(item.confidence ?? 1, spotConfidence), item.value);

  const optionValue = expiries.reduce((sum, expiry) => sum + expiry.value(expiry.forward, (sigma) => sigma), 0);
  const unrealised =
    Number(underlying.perpetual?.unrealisedPnl ?? '0') + Number(underlying.perpetual?.unrealisedFunding ?? '0');
  const markToMarket = optionValue + unrealised + collateral.reduce((sum, { value }) => sum + value, 0);
  const equity = markToMarket + Number(document.cash ?? '0');
  const peg = Math.max(0, o.pegLossThreshold - stable) * o.pegLossFactor;
  return {
    losses,
    markToMarket,
    initialHealth: equity - worst * (p.margin.imFactor + peg) - initialContingency - maintenanceContingency,
    maintenanceHealth: equity - worst * p.margin.mmFactor - maintenanceContingency,
  };
}

type Expiry = ReturnType<typeof expiryOf>;

function expiryOf(
  document: PortfolioDocument,
  underlying: DocumentUnderlying,
  options: readonly HeldContract[],
  expiry: string,
) {
  const own = options.filter(({ instrument }) => instrument.expiry === expiry);
  const quote = underlying.forwards?.find((item) => Date.parse(item.expiry) === Date.parse(expiry));
  const seconds = (Date.parse(expiry) - Date.parse(document.asOf)) / 1000;
  const years = seconds / 31_536_000;
  const rate = quote?.rate ?? underlying.rate ?? 0;
  const forward = Number(quote?.price);
  const df = Math.exp(-Math.max(rate, 0) * years);
  const strikes = [...new Set(own.map(({ instrument }) => instrument.strike as string))];
  const coinsOf = (item: HeldContract) => item.quantity * item.multiplier;
  return {
    seconds,
    years,
    rate,
    forward,
    df,
    confidence: Math.min(quote?.confidence ?? 1, quote?.rateConfidence ?? 1, quote?.volatilityConfidence ?? 1),
    coins: own.reduce((sum, item) => sum + Math.abs(coinsOf(item)), 0),
    naked: strikes.reduce((sum, strike) => {
      const at = own.filter(({ instrument }) => instrument.strike === strike);
      const right = (kind: string) =>
        at.filter(({ instrument }) => instrument.right === kind).reduce((total, item) => total + coinsOf(item), 0);
      const [call, put] = [right('call'), right('put')];
      if (call < 0 && put < 0) return sum - call - put;
      return sum + (call < 0 || put < 0 ? Math.max(0, -(call + put)) : 0);
    }, 0),
    value: (at: number, volatilityOf: (sigma: number, strike: number) => number) =>
      own.reduce((sum, item) => {
        const strike = Number(item.instrument.strike);
        const volatility = volatilityOf(item.instrument.volatility as number, strike);
        const right = item.instrument.right ?? 'call';
        return sum + coinsOf(item) * df * oracleBlack({ right, forward: at, strike, years, volatility }).value;
      }, 0),
  };
}

/** In the last half hour only the open part of the settlement average moves. */
function moved({ forward, seconds }: Expiry, shock: number): number {
  if (seconds > 1800) return forward * shock;
  return forward * (1 - seconds / 1800) + ((forward * seconds) / 1800) * shock;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
function discounted(value: number, expiry: Expiry, p: any): number {
  const m = p.margin;
  if (value >= 0) {
    const decay = Math.exp(-expiry.years * (expiry.rate * m.longRateMultScale + m.longRateAddScale));
    return value * m.baseStaticDiscount * decay;
  }
  const decay = Math.exp(-expiry.years * (expiry.rate * m.shortRateMultScale + m.shortRateAddScale));
  return value * Math.min(1 / expiry.df, m.baseStaticDiscountNegative / decay);
}

function shockedVolatility(
  sigma: number,
  strike: number,
  expiry: Expiry,
  kind: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  p: any,
): number {
  const v = p.volatilityShock;
  const month = 30 * 86_400;
  const floored = Math.max(expiry.seconds, v.dteFloorDays * 86_400);
  const term = Math.pow(month / floored, expiry.seconds <= month ? v.shortTermPower : v.longTermPower);
  if (kind === 'NONE') return sigma;
  if (kind === 'UP') return Math.max(v.minVolatilityUpShock, sigma * (1 + v.rangeUp * term));
  if (kind === 'DOWN') return sigma * Math.max(0, 1 - v.rangeDown * term);
  const s = p.skewShock;
  const root = Math.sqrt(expiry.years);
  const cap = kind === 'LINEAR' ? s.linearCBase * root + s.linearBaseCap : s.absCBase * root + s.absBaseCap;
  const star = Math.max(s.minKStar, root * s.widthScale * (s.volParamStatic + root * s.volParamScale));
  const k = Math.log(strike / expiry.forward);
  const tilt = ((kind === 'ABS' ? Math.abs(k) : k) * cap) / star;
  return sigma * Math.max(0, 1 + Math.max(-cap, Math.min(cap, tilt)));
}
