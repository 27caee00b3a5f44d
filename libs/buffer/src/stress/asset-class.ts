import type { UnderlyingKind } from '@ballast/domain';

/** What of the market an underlying belongs to, as far as crises moved it alike. */
export const assetClasses = [
  'equity-index',
  'equity',
  'volatility-index',
  'fx',
  'crypto',
  'crude-oil',
  'energy',
  'metal',
  'agriculture',
  'interest-rate',
  'other',
] as const;
export type AssetClass = (typeof assetClasses)[number];

/**
 * Finds the asset class of an underlying: the one the caller states, else that of a well-known root symbol (also with the
 * month code of a future, `CLM6`), else the one its kind implies. A future nobody knows is `other`.
 *
 * @example
 * classifyUnderlying({ underlyingId: 'CLM6', kind: 'future' }) // 'crude-oil'
 */
export function classifyUnderlying(
  { underlyingId, kind }: { readonly underlyingId: string; readonly kind: UnderlyingKind },
  stated: Readonly<Record<string, AssetClass>> = {},
): AssetClass {
  const own = Object.hasOwn(stated, underlyingId) ? stated[underlyingId] : undefined;
  return own ?? classBySymbol(underlyingId, kind) ?? classByKind[kind];
}

const classByKind: Readonly<Record<UnderlyingKind, AssetClass>> = {
  equity: 'equity',
  'narrow-index': 'equity-index',
  'broad-index': 'equity-index',
  'high-cap-index': 'equity-index',
  fx: 'fx',
  future: 'other',
  crypto: 'crypto',
  other: 'other',
};

/** Root symbols of CME Group, ICE and Cboe products; only WTI counts as crude oil, because it alone went below 0. */
const symbols: Readonly<Partial<Record<AssetClass, readonly string[]>>> = {
  'equity-index': ['ES', 'MES', 'NQ', 'MNQ', 'YM', 'RTY', 'FESX', 'FDAX', 'NK', 'SPX', 'NDX', 'RUT'],
  'volatility-index': ['VIX', 'VX', 'VXO'],
  crypto: ['BTC', 'ETH', 'XBT', 'MBT', 'MET'],
  'crude-oil': ['CL', 'MCL', 'QM', 'WTI', 'CRUDE'],
  energy: ['BZ', 'BRN', 'NG', 'HO', 'RB'],
  metal: ['GC', 'MGC', 'SI', 'HG', 'PL', 'PA'],
  agriculture: ['C', 'ZC', 'S', 'ZS', 'W', 'ZW', 'ZL', 'ZM', 'LE', 'HE', 'KC', 'SB', 'CT', 'CC'],
  'interest-rate': ['ZN', 'ZB', 'ZF', 'ZT', 'SR3', 'FGBL', 'GE'],
  fx: ['6E', '6J', '6B', '6A', '6C', '6S'],
};

const classOfSymbol = new Map(
  Object.entries(symbols).flatMap(([assetClass, ids]) => ids.map((id) => [id, assetClass as AssetClass] as const)),
);

/** Only futures, indices and what has no class of its own are known by symbol: `C` is a share as well as corn. */
function classBySymbol(id: string, kind: UnderlyingKind): AssetClass | undefined {
  if (kind === 'equity' || kind === 'crypto' || kind === 'fx') return undefined;
  const root = kind === 'future' ? (/^([A-Z0-9]{1,4}?)[FGHJKMNQUVXZ]\d{1,4}$/.exec(id)?.[1] ?? id) : id;
  return classOfSymbol.get(id) ?? classOfSymbol.get(root);
}
