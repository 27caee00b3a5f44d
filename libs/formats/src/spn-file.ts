// An .spn file (XML, fileFormat 4.00) to risk parameters, streamed.
import type { ContractSelection, RiskAccountType, RiskParameterFile, RiskParameterSource } from './risk-parameter-file';
import { SpnReading } from './spn-reading';
import { type SpnContainerRule, SpnStream } from './spn-stream';

const families = ['phyPf', 'futPf', 'cmbPf', 'oopPf', 'oofPf', 'oocPf'];
const familyHeader = ['pfId', 'pfCode', 'name', 'currency', 'cvf', 'valueMeth'];
const seriesRule = { units: ['pe', 'cvf', 'sc', 'undC', 'opt'], containers: [] };

/** What of the format is read; everything else is passed over without being held. */
const rules: ReadonlyMap<string, SpnContainerRule> = new Map([
  ['spanFile', { units: ['fileFormat', 'created'], containers: ['pointInTime'] }],
  ['pointInTime', { units: ['date', 'isSetl'], containers: ['clearingOrg'] }],
  [
    'clearingOrg',
    {
      units: ['ec', 'name', 'isContractScale', 'capAnov', 'curConv', 'pbRateDef', 'pointDef', 'ccDef'],
      containers: ['exchange', 'interSpreads', 'superSpreads'],
    },
  ],
  ['interSpreads', { units: ['dSpread', 'sSpread'], containers: [] }],
  ['superSpreads', { units: ['dSpread', 'sSpread'], containers: [] }],
  ['exchange', { units: ['exch', 'name'], containers: families }],
  ['phyPf', { units: [...familyHeader, 'phy'], containers: [] }],
  ['futPf', { units: [...familyHeader, 'fut'], containers: [] }],
  ['cmbPf', { units: [...familyHeader, 'cmb'], containers: [] }],
  ...['oopPf', 'oofPf', 'oocPf'].map((name) => [name, { units: familyHeader, containers: ['series'] }] as const),
  ['series', seriesRule],
] as readonly (readonly [string, SpnContainerRule])[]);

/**
 * Reads an .spn file: contracts that were asked for with their arrays, every combined commodity and spread.
 *
 * Memory holds one element, the commodities and what was asked for, whatever the size of the file.
 *
 * @param input.accountType  whose rates apply
 * @throws FileRefusal naming line and place for anything that is not the format
 */
export async function readSpnFile(input: {
  readonly source: RiskParameterSource;
  readonly selection: ContractSelection;
  readonly accountType: RiskAccountType;
}): Promise<RiskParameterFile> {
  const { source, selection, accountType } = input;
  const reading = new SpnReading(source.name, selection, accountType);
  const stream = new SpnStream(source.name, rules, reading);
  let bytesDone = 0;
  for await (const chunk of source.bytes) {
    stream.push(chunk);
    bytesDone += chunk.length;
    source.onProgress?.(bytesDone, reading.contractCount);
  }
  stream.end();
  return reading.result();
}
