// A positional risk-parameter file (.pa2, expanded format) to risk parameters, streamed line by line.
import type { IntercommoditySpread } from '@ballast/margin';
import {
  identityText,
  type Pa2FirstArrayRecord,
  type Pa2Identity,
  type Pa2SecondArrayRecord,
  readFirstArrayRecord,
  readSecondArrayRecord,
} from './pa2-array-record';
import { Pa2Commodity, type Pa2Product } from './pa2-commodity';
import { readArrayParameterRecord, readGroupRecord, readIntercommodityRecord } from './pa2-intercommodity-record';
import { type Pa2Line, pa2Lines } from './pa2-line';
import { type PriceFormat, readPrice } from './pa2-price';
import {
  readCommodityRecord,
  readCurrencyRecord,
  readDeliveryRecord,
  readHeaderRecord,
  readPriceRecord,
  readScanTierRecord,
  readSeriesSpreadRecord,
  readTierRecord,
  readTierSpreadRecord,
} from './pa2-record';
import {
  type ContractSelection,
  extremesLookUnweighted,
  type RiskAccountType,
  type RiskContract,
  type RiskCurrencyRate,
  type RiskParameterFile,
  type RiskParameterSource,
  scanRangeOf,
} from './risk-parameter-file';

/**
 * Reads a positional file: contracts that were asked for with their arrays, every combined commodity and spread.
 *
 * Records V, X, Y, Z, 1 and others of the format that the requirement does not need are counted; a record type the
 * format does not have is refused.
 *
 * @throws FileRefusal naming line and columns
 */
export async function readPa2File(input: {
  readonly source: RiskParameterSource;
  readonly selection: ContractSelection;
  readonly accountType: RiskAccountType;
}): Promise<RiskParameterFile> {
  const { source, selection, accountType } = input;
  const reading = new Pa2Reading(source.name, selection, accountType);
  const onBytes = (bytesDone: number) => source.onProgress?.(bytesDone, reading.contractCount);
  for await (const line of pa2Lines({ name: source.name, bytes: source.bytes, onBytes })) reading.read(line);
  return reading.result();
}

/** Counted, not computed with: exchange header, redefinitions, value maintenance, combination methods, debt, splits. */
const toleratedTypes = ['1', 'R', 'V', 'X', 'Y', 'Z', '83', '84', '9', '91', '92'];

const defaultPrice: PriceFormat = { decimals: 0, alignment: '' };

class Pa2Reading {
  contractCount = 0;
  private header: ReturnType<typeof readHeaderRecord> | undefined;
  private readonly counts = new Map<string, number>();
  private readonly currencyRates: RiskCurrencyRate[] = [];
  private readonly commodities = new Map<string, Pa2Commodity>();
  private readonly products = new Map<string, { readonly owner: Pa2Commodity; readonly product: Pa2Product }>();
  private readonly prices = new Map<string, ReturnType<typeof readPriceRecord>>();
  private readonly spreads: IntercommoditySpread[] = [];
  private readonly contracts: RiskContract[] = [];
  private readonly ranges = new Map<string, number>();
  private readonly seen = new Set<string>();
  private readonly extremes = new Map<string, { readonly multiplier: number; readonly cover: number }>();
  private readonly scalings = new Map<string, number>();
  private readonly notes = new Set<string>();
  private first: { readonly line: Pa2Line; readonly record: Pa2FirstArrayRecord | null } | undefined;

  constructor(
    private readonly file: string,
    private readonly selection: ContractSelection,
    private readonly accountType: RiskAccountType,
  ) {}

  read(line: Pa2Line): void {
    const { type } = line;
    if (this.first !== undefined && type !== '82')
      this.first.line.refuse(1, 2, 'record 81 is not followed by its record 82; is the file cut?');
    if (this.header === undefined && type !== '0')
      line.refuse(1, 2, 'a positional file of the expanded format starts with record 0');
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
    if (type === '81') return this.readFirst(line);
    if (type === '82') return this.readSecond(line);
    this.readParameters(line, type);
  }

  result(): RiskParameterFile {
    if (this.first !== undefined)
      this.first.line.refuse(1, 2, 'record 81 is not followed by its record 82; is the file cut?');
    const commodities = [...this.commodities.values()];
    const warnings = [...this.notes, ...commodities.flatMap((commodity) => commodity.warnings)];
    return {
      file: this.file,
      format: 'pa2',
      clearingOrganizations: this.header === undefined ? [] : [this.header.complex],
      businessDate: this.header?.businessDate ?? null,
      currencyRates: this.currencyRates,
      commodities: commodities.map((commodity) => {
        const keys = commodity.products.map(productKey);
        const extreme = firstOf(keys, this.extremes) ?? { multiplier: 3, cover: 0.33 };
        return commodity.toCommodity(this.accountType, {
          extremeMultiplier: extreme.multiplier,
          coverFraction: extreme.cover,
          scanRangePerDelta: firstOf(keys, this.ranges) ?? null,
        });
      }),
      intercommodity: this.spreads,
      contracts: this.contracts,
      contractCount: this.contractCount,
      recordCounts: this.counts,
      warnings,
    };
  }

  private readParameters(line: Pa2Line, type: string): void {
    switch (type) {
      case '0':
        if (this.header !== undefined) line.refuse(1, 2, 'a second record 0: two files joined');
        this.header = readHeaderRecord(line);
        return;
      case 'T':
        this.currencyRates.push(readCurrencyRecord(line));
        return;
      case '2':
        return this.readCommodity(line);
      case 'P': {
        const record = readPriceRecord(line);
        this.prices.set(productKey(record), record);
        return;
      }
      case 'S':
        return this.commodityOf(line).addScanTiers(readScanTierRecord(line));
      case '3':
        return this.commodityOf(line).addTiers(readTierRecord(line));
      case 'E':
        return this.commodityOf(line).addSeriesSpread(readSeriesSpreadRecord(line));
      case 'C':
        return this.commodityOf(line).addTierSpread(readTierSpreadRecord(line), line.number);
      case '4':
        return this.commodityOf(line).addDelivery(readDeliveryRecord(line));
      case '5':
        readGroupRecord(line);
        return;
      case '6':
        return this.readSpread(line);
      case 'B':
        return this.readArrayParameters(line);
      default:
        if (!toleratedTypes.includes(type)) line.refuse(1, 2, 'no record type of the expanded format');
    }
  }

  private readCommodity(line: Pa2Line): void {
    const record = readCommodityRecord(line);
    let commodity = this.commodities.get(record.commodity);
    if (commodity === undefined) {
      commodity = new Pa2Commodity({ file: this.file, line: line.number }, record);
      this.commodities.set(record.commodity, commodity);
    } else commodity.addProducts(record);
    for (const product of commodity.products) {
      const earlier = this.products.get(productKey(product));
      if (earlier !== undefined && earlier.owner !== commodity)
        line.refuse(23, 35, `${product.product} ${product.type} belongs to ${earlier.owner.id} already`);
      this.products.set(productKey(product), { owner: commodity, product });
    }
  }

  private commodityOf(line: Pa2Line): Pa2Commodity {
    const code = line.required(3, 8, 'combined commodity');
    return this.commodities.get(code) ?? line.refuse(3, 8, 'no record 2 defines this combined commodity');
  }

  private readSpread(line: Pa2Line): void {
    const { spread, methodCode } = readIntercommodityRecord(line);
    if (!['', '01', '02', '03', '04', '10', '20'].includes(methodCode))
      this.notes.add(`line ${line.number}: inter-commodity method ${methodCode} is computed as a weighted credit`);
    this.spreads.push(spread);
  }

  private readArrayParameters(line: Pa2Line): void {
    const record = readArrayParameterRecord(line);
    const key = productKey(record);
    const { extremeMultiplier: multiplier, coverFraction: cover, deltaScaling } = record;
    if (multiplier !== null && multiplier > 0 && cover !== null && cover > 0 && !this.extremes.has(key))
      this.extremes.set(key, { multiplier, cover });
    if (deltaScaling !== null && deltaScaling !== 1 && deltaScaling !== 0)
      this.scalings.set(`${key}|${record.futureMonth}|${record.optionMonth}`, deltaScaling);
  }

  private readFirst(line: Pa2Line): void {
    this.contractCount += 1;
    // Reading only the identity of contracts nobody holds keeps a file of a million arrays fast.
    const product = `${line.cell(3, 5)}|${line.cell(6, 15)}|${line.cell(26, 28)}`;
    const isFirstLinear = !product.includes('|OO') && !this.seen.has(product);
    const mayBeWanted = this.selection.hasProduct(line.cell(3, 5), line.cell(6, 15), line.cell(6, 15));
    line.requireLength(108);
    this.first = { line, record: isFirstLinear || mayBeWanted ? readFirstArrayRecord(line) : null };
  }

  private readSecond(line: Pa2Line): void {
    if (this.first === undefined || identityText(this.first.line) !== identityText(line))
      line.refuse(3, 54, 'record 82 does not follow the record 81 of its contract');
    const { record: first } = this.first;
    const firstLine = this.first.line;
    this.first = undefined;
    line.requireLength(102);
    if (first === null) return;
    const contract = this.toContract(first, readSecondArrayRecord(line), line);
    const key = productKey(first);
    if (contract.right === null && !this.seen.has(key)) this.noteLinear(key, contract, firstLine.number);
    const month = contract.optionMonth ?? contract.underlyingMonth ?? '';
    if (this.selection.has({ ...contract, month })) this.contracts.push(contract);
  }

  private noteLinear(key: string, contract: RiskContract, line: number): void {
    this.seen.add(key);
    if (contract.losses === null) return;
    const range = scanRangeOf(contract.losses, (contract.delta ?? 1) * (contract.deltaScaling ?? 1));
    if (range !== null) this.ranges.set(key, range);
    const extreme = this.extremes.get(key) ?? { multiplier: 3, cover: 0.33 };
    if (extremesLookUnweighted(contract.losses, extreme))
      this.notes.add(`line ${line}: the extremes of ${contract.product} look unweighted; they are taken as they stand`);
  }

  private toContract(first: Pa2FirstArrayRecord, second: Pa2SecondArrayRecord, line: Pa2Line): RiskContract {
    const key = productKey(first);
    const product = this.products.get(key);
    const price = this.prices.get(key);
    const strike = first.strikeDigits === '' ? null : this.strikeOf(first, second, line);
    const unit = (product?.owner.unitFor(this.accountType) ?? 1) * (product?.product.arrayScale ?? 1);
    const month = first.futureMonth;
    const identity = [first.exchange, first.product, first.type, month, first.optionMonth, first.right, strike];
    return {
      exchange: first.exchange,
      product: first.product,
      family: first.product,
      contractId: identity.filter((part) => part !== null).join(' '),
      type: first.type,
      underlyingMonth: month,
      optionMonth: first.optionMonth,
      right: first.right,
      strike,
      line: line.number - 1,
      losses: Float64Array.from([...first.values, ...second.values], (value) => value * unit),
      delta: second.compositeDelta,
      deltaScaling: this.scalings.get(`${key}|${month}|${first.optionMonth}`) ?? null,
      price: this.priceOf(first, second, line),
      priceCurrency: price?.currency ?? null,
      contractValueFactor: second.contractValueFactor ?? price?.contractValueFactor ?? null,
      premiumStyle: price?.premiumStyle ?? product?.owner.premiumStyle ?? 'equity',
    };
  }

  private strikeOf(
    first: Pa2Identity & { readonly strikeDigits: string },
    second: Pa2SecondArrayRecord,
    line: Pa2Line,
  ) {
    const price = this.prices.get(productKey(first));
    if (price === undefined)
      this.notes.add(
        `${first.exchange} ${first.product} ${first.type}: no record P; strikes are read without decimals`,
      );
    // A strike of all nines is a strike; only prices use it for "none".
    if (/^9+$/.test(first.strikeDigits) && price?.strike.alignment === '') return first.strikeDigits;
    return this.tryPrice(
      () => readPrice(first.strikeDigits, second.strikeSign, price?.strike ?? defaultPrice),
      line,
      48,
    );
  }

  private priceOf(first: Pa2FirstArrayRecord, second: Pa2SecondArrayRecord, line: Pa2Line): number | null {
    const format = this.prices.get(productKey(first))?.settlement;
    if (format === undefined) return null;
    const precise = first.usesPrecisePrice;
    const digits = precise ? first.precisePriceDigits : second.priceDigits;
    const text = this.tryPrice(() => readPrice(digits, second.priceSign, format), line, precise ? 109 : 111);
    return text === null ? null : Number(text);
  }

  private tryPrice(read: () => string | null, line: Pa2Line, column: number): string | null {
    try {
      return read();
    } catch (error) {
      if (error instanceof RangeError) line.refuse(column, column + 6, error.message);
      throw error;
    }
  }
}

function productKey(product: { readonly exchange: string; readonly product: string; readonly type: string }): string {
  return `${product.exchange}|${product.product}|${product.type}`;
}

function firstOf<Value>(keys: readonly string[], values: ReadonlyMap<string, Value>): Value | undefined {
  for (const key of keys) {
    const value = values.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
}
