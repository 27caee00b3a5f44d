/**
 * Independent Barone-Adesi and Whaley value (Journal of Finance 42, 1987): critical price by bisection, formulas as
 * printed in the paper. Shares no code with libs/.
 */
import { oracleBlackScholes, oracleNormalCdf, oracleRoot, type OracleSpotOption } from './lognormal-oracle';

export function oracleBaroneAdesiWhaley(option: OracleSpotOption): number {
  const { right, spot, strike, years, rate, dividendYield, volatility } = option;
  const carry = rate - dividendYield;
  const sign = right === 'call' ? 1 : -1;
  const european = oracleBlackScholes(option);
  const intrinsic = Math.max(0, sign * (spot - strike));
  if (years === 0 || volatility === 0) return Math.max(european, intrinsic);
  if (right === 'call' && carry >= rate) return european;
  const m = (2 * rate) / volatility ** 2;
  const n = (2 * carry) / volatility ** 2;
  const k = rate === 0 ? 2 / (volatility ** 2 * years) : m / (1 - Math.exp(-rate * years));
  const q = (-(n - 1) + sign * Math.sqrt((n - 1) ** 2 + 4 * k)) / 2;
  const slope = (s: number) => {
    const d1 = (Math.log(s / strike) + (carry + volatility ** 2 / 2) * years) / (volatility * Math.sqrt(years));
    return 1 - Math.exp((carry - rate) * years) * oracleNormalCdf(sign * d1);
  };
  const gap = (s: number) =>
    sign * (s - strike) - oracleBlackScholes({ ...option, spot: s }) - (sign * slope(s) * s) / q;
  const critical =
    sign > 0 ? oracleRoot(gap, 0, strike, 1000 * strike) : oracleRoot((s) => -gap(s), 0, 1e-9 * strike, strike);
  if (sign * (spot - critical) >= 0) return intrinsic;
  const a = (sign * critical * slope(critical)) / q;
  return european + a * (spot / critical) ** q;
}
