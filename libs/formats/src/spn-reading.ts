// What an .spn file says, kept while it streams by.
import type { IntercommoditySpread } from '@ballast/margin';
import {
  type ContractSelection,
  extremesLookUnweighted,
  type RiskAccountType,
  type RiskCurrencyRate,
  type RiskParameterFile,
} from './risk-parameter-file';
import { type AccountRates, chooseAccountRates } from './spn-account-rates';
import { assembleSpn, type ScaledCommodity, spnMonthKey, spnProductKey } from './spn-assembly';
import { type ExtremePair, readSpnCommodity } from './spn-commodity';
import {
  familyTypes,
  readSpnContract,
  readSpnFamily,
  readSpnSeries,
  type SpnContract,
  spnContractKey,
  type SpnFamily,
  type SpnSeries,
} from './spn-contract';
import { refuseElement, requiredNumber, requiredText, type SpnElement, textOf, flagOf } from './spn-element';
import { readScanPoints } from './spn-scan-points';
import { readIntercommoditySpread } from './spn-spread';
import type { SpnFrame, SpnHandlers } from './spn-stream';

/** A clearing organisation while it is read. */
interface Organization {
  readonly code: string;
  readonly rates: AccountRates;
  readonly extreme: ExtremePair;
  readonly isContractScale: boolean;
  readonly capAll: boolean;
}

const contractUnits = ['phy', 'fut', 'cmb', 'opt'];

/** The state of one reading: what is known of the containers that are open, and what was kept. */
export class SpnReading implements SpnHandlers {
  contractCount = 0;
  private fileFormat: string | undefined;
  private date: string | undefined;
  private readonly organizations: string[] = [];
  private readonly currencyRates: RiskCurrencyRate[] = [];
  private readonly commodities = new Map<string, ScaledCommodity>();
  private readonly spreads: IntercommoditySpread[] = [];
  private readonly contracts: SpnContract[] = [];
  private readonly warnings: string[] = [];
  /** Months of futures and physicals by spnMonthKey, for the options on them. */
  private readonly months = new Map<string, string>();
  /** The first linear contract with an array of each product, by spnProductKey. */
  private readonly firstLinear = new Map<string, SpnContract>();
  private definitions: SpnElement[] = [];
  private points: SpnElement[] = [];
  private organizationHeader: SpnElement | undefined;
  private organization: Organization | undefined;
  private exchange = '';
  private familyFrame: SpnFrame | undefined;
  private family: SpnFamily | undefined;
  private series: SpnSeries | undefined;
  private familyIsWanted = false;
  private keyed: { readonly unit: SpnElement; readonly key: ReturnType<typeof spnContractKey> } | undefined;

  constructor(
    private readonly file: string,
    private readonly selection: ContractSelection,
    private readonly accountType: RiskAccountType,
  ) {}

  onOpen = (frame: SpnFrame): void => {
    const { name, header } = frame;
    if (name === 'clearingOrg') {
      this.organizationHeader = header;
      this.organization = undefined;
      this.definitions = [];
      this.points = [];
    }
    if (name === 'exchange') this.exchange = '';
    this.series = undefined;
    if (name !== 'series') this.family = undefined;
    if (name in familyTypes) this.familyFrame = frame;
  };

  onClose = ({ name, header }: SpnFrame): void => {
    if (name === 'series') this.series = undefined;
    if (name === 'spanFile' && this.fileFormat === undefined)
      refuseElement(header, undefined, 'the file states no fileFormat');
    if (name === 'clearingOrg') {
      this.openOrganization(header);
      this.organizationHeader = undefined;
    }
  };

  onUnit = (unit: SpnElement, container: SpnFrame): void => {
    if (contractUnits.includes(unit.name)) return this.readContract(unit, container);
    switch (unit.name) {
      case 'pbRateDef':
      case 'pointDef':
        if (this.organization !== undefined)
          refuseElement(unit, undefined, 'stands after the first exchange or ccDef; rates must be known before');
        (unit.name === 'pbRateDef' ? this.definitions : this.points).push(unit);
        return;
      case 'curConv':
        this.currencyRates.push(readCurrencyRate(unit));
        return;
      case 'ccDef':
        return this.readCommodity(unit, container);
      case 'dSpread':
      case 'sSpread':
        return this.readSpread(unit, container.name === 'superSpreads');
      default:
        container.header.children.push(unit);
        this.readHeader(unit);
    }
  };

  needsPart = (part: string, unit: SpnElement, container: SpnFrame): boolean => {
    if (!contractUnits.includes(unit.name)) return true;
    if (part !== 'ra') return part !== 'scanRate' && part !== 'intrRate';
    const family = this.familyOf(container);
    const linear = unit.name !== 'opt';
    if (linear && !this.firstLinear.has(spnProductKey(family))) return true;
    if (!this.familyIsWanted) return false;
    const key = this.keyOf(unit, family, this.seriesOf(container));
    return key === null || key.contractId === '' || this.selection.has(key);
  };

  result(): RiskParameterFile {
    const { organizations: clearingOrganizations, currencyRates, contractCount } = this;
    return {
      file: this.file,
      format: 'spn',
      clearingOrganizations,
      businessDate: this.date ?? null,
      currencyRates,
      ...assembleSpn({
        file: this.file,
        commodities: [...this.commodities.values()],
        contracts: this.contracts,
        firstLinear: this.firstLinear,
        months: this.months,
      }),
      intercommodity: this.spreads,
      contractCount,
      recordCounts: new Map(),
      warnings: this.warnings,
    };
  }

  private readHeader(unit: SpnElement): void {
    const text = unit.text.trim();
    if (unit.name === 'fileFormat') {
      if (!/^4(?:\.0*)?$/.test(text)) refuseElement(unit, text, 'only fileFormat 4.00 is read');
      this.fileFormat = text;
    } else if (unit.name === 'date') {
      const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
      if (match === null) refuseElement(unit, text, 'expected a date such as 20250912');
      const date = `${match[1]}-${match[2]}-${match[3]}`;
      if (this.date !== undefined && this.date !== date)
        refuseElement(unit, text, `a second pointInTime of another date than ${this.date}; split the file`);
      this.date = date;
    } else if (unit.name === 'exch') this.exchange = text;
  }

  private openOrganization(place: SpnElement): Organization {
    if (this.organization !== undefined) return this.organization;
    const header = this.organizationHeader ?? place;
    const code = textOf(header, 'ec') ?? refuseElement(header, undefined, 'a clearing organisation without ec');
    const rates = chooseAccountRates(this.definitions, this.accountType);
    this.organizations.push(code);
    this.organization = {
      code,
      rates,
      extreme: readScanPoints(this.points, rates.maintenance),
      isContractScale: flagOf(header, 'isContractScale'),
      capAll: flagOf(header, 'capAnov'),
    };
    this.points = [];
    return this.organization;
  }

  private readCommodity(unit: SpnElement, container: SpnFrame): void {
    const organization = this.openOrganization(container.header);
    const code = requiredText(unit, 'cc');
    const id = this.qualify(code);
    if (this.commodities.has(id)) refuseElement(unit, code, 'a second ccDef of the same code');
    const { rates, extreme, capAll, isContractScale } = organization;
    const commodity = readSpnCommodity(unit, { id, rates, extreme, capAll });
    this.warnings.push(...commodity.warnings);
    this.commodities.set(id, { ...commodity, isContractScale });
  }

  private readSpread(unit: SpnElement, isSuper: boolean): void {
    const rate = this.organization?.rates.maintenance ?? 1;
    const qualify = (code: string) => this.qualify(code);
    const { spread, warning } = readIntercommoditySpread(unit, { rate, isSuper, qualify });
    this.spreads.push(spread);
    if (warning !== undefined) this.warnings.push(warning);
  }

  /** Commodity codes are unique within a clearing organisation only: from the second on they carry its code. */
  private qualify(code: string): string {
    const organization = this.organization?.code ?? '';
    return this.organizations.length <= 1 ? code : `${organization}:${code}`;
  }

  private readContract(unit: SpnElement, container: SpnFrame): void {
    this.contractCount += 1;
    const organization = this.openOrganization(container.header);
    const family = this.familyOf(container);
    const series = this.seriesOf(container);
    const key = this.keyOf(unit, family, series);
    if (key === null) refuseElement(unit, undefined, 'an option without o or k');
    const product = spnProductKey(family);
    if (series === undefined && key.month !== '')
      this.months.set(spnMonthKey({ ...family, contractId: key.contractId }), key.month);
    const isFirst = series === undefined && !this.firstLinear.has(product);
    const isWanted = this.familyIsWanted && this.selection.has(key);
    if (!isFirst && !isWanted) return;
    const contract = readSpnContract(unit, { family, series, rate: organization.rates.maintenance });
    if (isWanted) this.contracts.push(contract);
    if (!isFirst || contract.losses === null) return;
    this.firstLinear.set(product, contract);
    if (extremesLookUnweighted(contract.losses, organization.extreme))
      this.warnings.push(
        `line ${unit.line}: the extremes of ${family.product} ${key.month} look unweighted; they are taken as they stand`,
      );
  }

  private familyOf(container: SpnFrame): SpnFamily {
    if (this.family !== undefined) return this.family;
    const { header } = this.familyFrame ?? container;
    if (this.exchange === '') refuseElement(header, undefined, 'an exchange without exch in front of its products');
    this.family = readSpnFamily(header, this.exchange);
    const { exchange, product, family } = this.family;
    this.familyIsWanted = this.selection.hasProduct(exchange, product, family);
    return this.family;
  }

  /** The key of a unit is asked for at its array and at its end; it is worked out once. */
  private keyOf(unit: SpnElement, family: SpnFamily, series: SpnSeries | undefined) {
    if (this.keyed?.unit === unit && this.keyed.key !== null) return this.keyed.key;
    const key = spnContractKey(unit, family, series);
    this.keyed = { unit, key };
    return key;
  }

  private seriesOf(container: SpnFrame): SpnSeries | undefined {
    if (container.name !== 'series') return undefined;
    this.series ??= readSpnSeries(container.header);
    return this.series;
  }
}

function readCurrencyRate(unit: SpnElement): RiskCurrencyRate {
  const rate = requiredNumber(unit, 'factor');
  if (!(rate > 0)) refuseElement(unit, `${rate}`, 'a rate greater than 0');
  return { from: requiredText(unit, 'fromCur'), to: requiredText(unit, 'toCur'), rate };
}
