// The portfolio file of `ballast margin` and its siblings (contract §2): one JSON text holds the whole question.
import {
  type CashBalance,
  type CollateralHolding,
  Decimal,
  type FxRate,
  type Instant,
  type MarketSnapshot,
  methodologies,
} from '@ballast/domain';
import type { Portfolio, PortfolioPosition, Sensitivity } from '@ballast/margin';
import { refuseFile } from './file-refusal';
import { type JsonNode, parseJsonDocument, plainValueOf } from './json-document';
import {
  booleanAt,
  choiceAt,
  currencyAt,
  decimalAt,
  fractionAt,
  identifierAt,
  instantAt,
  itemsOf,
  type JsonObject,
  type JsonPlace,
  listAt,
  memberAt,
  numberAt,
  objectAt,
  optionalAt,
  optionalMember,
  refusePlace,
  requiredMember,
  textAt,
} from './json-member';
import { readConcentrationLimits } from './portfolio-file-limits';
import { type PortfolioMarket, readPortfolioMarket } from './portfolio-file-market';

/** Content of a portfolio file. */
export interface PortfolioFile {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  /** Fraction by which a foreign currency is valued worse, by currency: `fx[].haircut`. */
  readonly fxHaircuts: Readonly<Record<string, number>>;
  /** Raw overrides of the methodology's default set, checked by the methodology itself. */
  readonly parameters: unknown;
  /** Raw house rules of the file, checked by the margin library; undefined = none. */
  readonly house: unknown;
  /** Raw figures for sizing, checked by the buffer library; undefined = the published ones. */
  readonly sizing: unknown;
  /** The document, to find the line of a key that a later check refuses. */
  readonly document: JsonNode;
}

const topKeys = [
  'asOf', 'methodology', 'parameters', 'baseCurrency', 'cash', 'fx', 'market', 'positions', 'collateral',
  'concentrationLimits', 'sensitivities', 'house', 'sizing',
]; // prettier-ignore

/**
 * Parses a portfolio file strictly: unknown keys, numbers where strings belong (and the reverse), repeated
 * identifiers and positions in unknown contracts are refused, each with line and member path.
 *
 * @param text  JSON text
 * @param file  name for messages
 * @throws FileRefusal
 */
export function parsePortfolioFile(text: string, file: string): PortfolioFile {
  if (text.trim() === '') refuseFile({ file, reason: 'the file is empty' });
  const document = parseJsonDocument(text, file);
  const object = objectAt({ file, path: '', node: document }, topKeys);
  const asOf = instantAt(requiredMember(object, 'asOf'));
  const methodology = choiceAt(requiredMember(object, 'methodology'), methodologies);
  const baseCurrency = currencyAt(requiredMember(object, 'baseCurrency'));
  const market = marketOf(object, asOf, baseCurrency);
  const sensitivities = itemsOf(object, 'sensitivities').map(readSensitivity);
  const limits = readConcentrationLimits(itemsOf(object, 'concentrationLimits'), baseCurrency);
  const portfolio: Portfolio = {
    asOf,
    methodology,
    baseCurrency,
    positions: itemsOf(object, 'positions').map((place) => readPosition(place, market)),
    cash: readCash(object, baseCurrency),
    collateral: itemsOf(object, 'collateral').map((place) => readCollateral(place, baseCurrency)),
    ...(limits.length === 0 ? {} : { collateralLimits: [{ schedule: undefined, limits }] }),
    listedInstruments: [...market.instruments.values()],
    ...(optionalMember(object, 'sensitivities') === undefined ? {} : { sensitivities }),
  };
  const snapshot: MarketSnapshot = {
    asOf,
    underlyings: market.underlyings,
    instruments: market.quotes,
    fx: itemsOf(object, 'fx').map(readFxRate),
  };
  const fxHaircuts = Object.fromEntries(itemsOf(object, 'fx').flatMap((place) => readFxHaircut(place, baseCurrency)));
  const plain = (key: string) => optionalAt(object, key, ({ node }) => plainValueOf(node));
  const [parameters, house, sizing] = [plain('parameters'), plain('house'), plain('sizing')];
  return { portfolio, snapshot, fxHaircuts, parameters, house, sizing, document };
}

function marketOf(object: JsonObject, asOf: Instant, baseCurrency: string): PortfolioMarket {
  const place = optionalMember(object, 'market');
  if (place === undefined) return { underlyings: new Map(), instruments: new Map(), quotes: new Map() };
  return readPortfolioMarket(place, { asOf, baseCurrency });
}

function readPosition(place: JsonPlace, market: PortfolioMarket): PortfolioPosition {
  const object = objectAt(place, ['instrument', 'quantity', 'averagePrice', 'unrealisedPnl']);
  const instrumentAt = requiredMember(object, 'instrument');
  const instrument = market.instruments.get(textAt(instrumentAt));
  if (instrument === undefined) return refusePlace(instrumentAt, 'no such instrument in market.instruments');
  return {
    instrument,
    quantity: decimalAt(requiredMember(object, 'quantity')),
    ...memberAt(object, 'averagePrice', decimalAt),
    ...memberAt(object, 'unrealisedPnl', decimalAt),
  };
}

/** A string is an amount of the base currency; a list states amounts by currency. */
function readCash(object: JsonObject, baseCurrency: string): readonly CashBalance[] {
  const place = optionalMember(object, 'cash');
  if (place === undefined) return [{ currency: baseCurrency, amount: new Decimal(0) }];
  if (place.node.type !== 'array') return [{ currency: baseCurrency, amount: decimalAt(place) }];
  return listAt(place).map((item) => {
    const balance = objectAt(item, ['currency', 'amount']);
    return {
      currency: currencyAt(requiredMember(balance, 'currency')),
      amount: decimalAt(requiredMember(balance, 'amount')),
    };
  });
}

const collateralKeys = [
  'asset', 'quantity', 'price', 'currency', 'assetClass', 'haircut', 'imHaircut', 'mmHaircut', 'confidence', 'riskCancelling',
]; // prettier-ignore

function readCollateral(place: JsonPlace, baseCurrency: string): CollateralHolding {
  const object = objectAt(place, collateralKeys);
  const price = requiredMember(object, 'price');
  return {
    asset: identifierAt(requiredMember(object, 'asset')),
    quantity: decimalAt(requiredMember(object, 'quantity')),
    price: decimalAt(price).isNegative() ? refusePlace(price, 'a price is not negative') : decimalAt(price),
    currency: optionalAt(object, 'currency', currencyAt) ?? baseCurrency,
    ...memberAt(object, 'assetClass', identifierAt),
    ...memberAt(object, 'haircut', fractionAt),
    ...memberAt(object, 'imHaircut', fractionAt),
    ...memberAt(object, 'mmHaircut', fractionAt),
    ...memberAt(object, 'confidence', fractionAt),
    ...memberAt(object, 'riskCancelling', booleanAt),
  };
}

function readFxRate(place: JsonPlace): FxRate {
  const object = objectAt(place, ['from', 'to', 'rate', 'haircut']);
  const rateAt = requiredMember(object, 'rate');
  const rate = decimalAt(rateAt);
  if (!rate.greaterThan(0)) return refusePlace(rateAt, 'must be greater than 0');
  return { from: currencyAt(requiredMember(object, 'from')), to: currencyAt(requiredMember(object, 'to')), rate };
}

/** The haircut of the foreign side of a rate; a rate between two foreign currencies has none. */
function readFxHaircut(place: JsonPlace, baseCurrency: string): [string, number][] {
  const object = objectAt(place, ['from', 'to', 'rate', 'haircut']);
  const haircut = optionalMember(object, 'haircut');
  if (haircut === undefined) return [];
  const sides = [currencyAt(requiredMember(object, 'from')), currencyAt(requiredMember(object, 'to'))];
  const foreign = sides.filter((side) => side !== baseCurrency);
  if (foreign.length !== 1) return refusePlace(haircut, `only a rate from or to ${baseCurrency} has a haircut`);
  return [[foreign[0] ?? '', fractionAt(haircut)]];
}

function readSensitivity(place: JsonPlace): Sensitivity {
  const object = objectAt(place, ['productClass', 'riskType', 'qualifier', 'bucket', 'tenor', 'amountUSD']);
  return {
    productClass: textAt(requiredMember(object, 'productClass')),
    riskType: choiceAt(requiredMember(object, 'riskType'), ['Risk_Equity', 'Risk_EquityVol']),
    qualifier: textAt(requiredMember(object, 'qualifier')),
    bucket: textAt(requiredMember(object, 'bucket')),
    tenor: optionalAt(object, 'tenor', textAt) ?? '',
    amountUsd: numberAt(requiredMember(object, 'amountUSD')),
  };
}
