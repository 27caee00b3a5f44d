// Combined commodities of a positional file, collected over their records 2, 3, 4, C, E and S.
import type { CalendarSpread, CommodityParameters } from '@ballast/margin';
import { refuseFile } from './file-refusal';
import type {
  Pa2SpreadLeg,
  Pa2Tier,
  readCommodityRecord,
  readDeliveryRecord,
  readScanTierRecord,
  readSeriesSpreadRecord,
  readTierRecord,
  readTierSpreadRecord,
} from './pa2-record';
import type { RiskAccountType, RiskCommodity, RiskContractType } from './risk-parameter-file';

/** A product of a commodity and what its array values are multiplied by. */
export interface Pa2Product {
  readonly exchange: string;
  readonly product: string;
  readonly type: RiskContractType;
  readonly arrayScale: number;
}

/** Collects the records of one combined commodity. */
export class Pa2Commodity {
  readonly products: Pa2Product[] = [];
  readonly premiumStyle: 'equity' | 'futures';
  private readonly tiers = new Map<number, Pa2Tier>();
  private readonly series: CalendarSpread[] = [];
  private readonly tierSpreads: { readonly line: number; readonly spread: ReturnType<typeof readTierSpreadRecord> }[] =
    [];
  private ratios: ReturnType<typeof readTierRecord>['ratios'] | undefined;
  private delivery: ReturnType<typeof readDeliveryRecord> | undefined;
  private readonly deliveryCharges: RiskCommodity['deliveryCharges'][number][] = [];
  private scanTiers: readonly Pa2Tier[] = [];
  private readonly minimumTiers: RiskCommodity['shortOptionMinimum']['tiers'][number][] = [];
  private priceRisk: CommodityParameters['weightedFuturesPriceRisk'] = 'normal';
  private scansEachMonth = false;
  private readonly notComputed: string[] = [];
  private readonly notes: string[] = [];

  constructor(
    private readonly place: { readonly file: string; readonly line: number },
    private readonly definition: ReturnType<typeof readCommodityRecord>,
  ) {
    this.premiumStyle = definition.premiumStyle;
    this.addProducts(definition);
  }

  get id(): string {
    return this.definition.commodity;
  }

  /** Warnings about what is not computed. */
  get warnings(): readonly string[] {
    const { riskExponent } = this.definition;
    if (riskExponent === 0) return this.notes;
    return [...this.notes, `${this.id}: amounts of the file are multiplied by 10^${riskExponent} (risk exponent)`];
  }

  addProducts({ exchange, products }: ReturnType<typeof readCommodityRecord>): void {
    for (const { product, type, arrayScale } of products) this.products.push({ exchange, product, type, arrayScale });
  }

  addTiers(record: ReturnType<typeof readTierRecord>): void {
    for (const tier of record.tiers) this.tiers.set(tier.number, tier);
    if (record.ratios.member !== null) this.ratios = record.ratios;
    if (!['', '01', '10'].includes(record.method))
      this.notComputed.push(`${this.id}: calendar spread method ${record.method} is not table-driven`);
  }

  addScanTiers(record: ReturnType<typeof readScanTierRecord>): void {
    if (record.weightedFuturesPriceRisk !== undefined) this.priceRisk = record.weightedFuturesPriceRisk;
    const { method } = record;
    if (method === '30')
      for (const { from, to, minimum } of record.tiers) this.minimumTiers.push({ from, to, rate: minimum ?? 0 });
    else if (method === '10' || method === '21' || method === '22')
      this.scanTiers = [...this.scanTiers, ...record.tiers];
    if (method === '02') this.scansEachMonth = true;
    if (['02', '20', '21', '23'].includes(method))
      this.notes.push(`${this.id}: inter-commodity tiers are spread together, on the net delta of the whole commodity`);
  }

  addSeriesSpread({ spread }: ReturnType<typeof readSeriesSpreadRecord>): void {
    this.series.push(spread);
  }

  addTierSpread(spread: ReturnType<typeof readTierSpreadRecord>, line: number): void {
    this.tierSpreads.push({ line, spread });
  }

  addDelivery(record: ReturnType<typeof readDeliveryRecord>): void {
    this.delivery ??= record;
    this.deliveryCharges.push(...record.charges);
    if (!['', '01', '10'].includes(record.method))
      this.notComputed.push(`${this.id}: delivery charge method ${record.method} is not table-driven`);
  }

  /** What amounts of the file are multiplied by for an account type: risk exponent and adjustment factor. */
  unitFor(accountType: RiskAccountType): number {
    return 10 ** this.definition.riskExponent * (this.delivery?.adjustments[accountType] ?? 1);
  }

  toCommodity(
    accountType: RiskAccountType,
    figures: Pick<RiskCommodity, 'extremeMultiplier' | 'coverFraction' | 'scanRangePerDelta'>,
  ): RiskCommodity {
    const unit = this.unitFor(accountType);
    const tierSpreads = this.tierSpreads.map(({ line, spread }): CalendarSpread => ({
      priority: spread.priority,
      kind: 'tier',
      rate: spread.charge,
      legs: spread.legs.map((leg) => this.tierLeg(leg, line)),
    }));
    const minimum = this.delivery?.shortOptionMinimum ?? { rate: 0, method: 'max' as const };
    return {
      id: this.id,
      line: this.place.line,
      currency: this.definition.currency,
      products: this.products.map(({ exchange, product, type }) => ({
        exchange,
        family: product,
        type,
        deltaScaling: 1,
      })),
      calendarSpreads: [...this.series, ...tierSpreads].map((spread) => ({ ...spread, rate: spread.rate * unit })),
      deliveryCharges: this.deliveryCharges.map(({ month, spread, outright }) => ({
        month,
        spread: spread * unit,
        outright: outright * unit,
      })),
      shortOptionMinimum: {
        method: minimum.method,
        rate: minimum.rate * unit,
        tiers: this.minimumTiers.map((tier) => ({ ...tier, rate: tier.rate * unit })),
      },
      scanTiers: this.scanTiers.length > 1 ? this.scanTiers.map(({ from, to }) => ({ from, to })) : [],
      scansEachMonth: this.scansEachMonth,
      notComputed: this.notComputed,
      initialToMaintenanceRatio: this.ratios?.[accountType] ?? 1,
      weightedFuturesPriceRisk: this.priceRisk,
      capNetOptionValue: this.definition.capNetOptionValue,
      ...figures,
    };
  }

  private tierLeg({ tier, deltaPerSpread, side }: Pa2SpreadLeg, line: number): CalendarSpread['legs'][number] {
    const range = this.tiers.get(tier);
    if (range === undefined)
      refuseFile({
        file: this.place.file,
        line,
        column: 'tier',
        value: `${tier}`,
        reason: `${this.id} has no such tier in its records 3`,
      });
    return { from: range.from, to: range.to, deltaPerSpread, side };
  }
}
