// An invented market as .spn XML.
import {
  cover,
  exchanges,
  extremeMultiplier,
  type SyntheticCommodity,
  type SyntheticMarket,
  type SyntheticSpread,
  thirds,
} from './risk-file-generator';

/** Writes the market as .spn, in pieces of some kilobytes. */
export function* writeSpn(market: SyntheticMarket, options: { readonly padding?: number } = {}): Generator<string> {
  yield '<?xml version="1.0"?>\n<!-- synthetic -->\n<spanFile>\n<fileFormat>4.00</fileFormat><created>202609111730</created>\n';
  yield '<definitions><currencyDef><currency>USD</currency><symbol>$</symbol><name>US dollar</name><decimalPos>2</decimalPos></currencyDef>';
  yield '<acctTypeDef><isCust>1</isCust><acctType>S</acctType><name>Speculator &amp; co</name><isNetMargin>1</isNetMargin><priority>1</priority></acctTypeDef></definitions>\n';
  yield '<pointInTime><date>20260911</date><isSetl>1</isSetl><setlQualifier>final</setlQualifier>\n<clearingOrg><ec>XCH</ec><name>Synthetic Clearing</name><isContractScale>0</isContractScale><isNetMargin>1</isNetMargin><finalizeMeth>STD</finalizeMeth><capAnov>0</capAnov><lookAheadYears>0.0</lookAheadYears>';
  yield `<curConv><fromCur>EUR</fromCur><toCur>USD</toCur><factor>${market.euroRate}</factor></curConv>\n`;
  const rates: readonly (readonly [number, string, number])[] = [
    [1, 'M', 1], [1, 'M', 0], [1, 'H', 1], [1, 'H', 0], [1, 'S', 1], [2, 'S', 0],
  ]; // prettier-ignore
  for (const [rate, type, isMaintenance] of rates)
    yield `<pbRateDef><r>${rate}</r><isCust>1</isCust><acctType>${type}</acctType><isM>${isMaintenance}</isM><pbc>CORE</pbc></pbRateDef>\n`;
  yield `<pointDef><r>1</r>${scanPoints()}</pointDef>\n`;
  for (const exchange of exchanges) {
    const listed = market.commodities.filter((commodity) => commodity.exchange === exchange);
    if (listed.length === 0) continue;
    yield `<exchange><exch>${exchange}</exch><name>Exchange ${exchange}</name>\n`;
    for (const commodity of listed) yield* writeSpnFutures(commodity, options.padding ?? 0);
    for (const commodity of listed) yield* writeSpnOptions(commodity, options.padding ?? 0);
    yield '</exchange>\n';
  }
  for (const commodity of market.commodities) yield writeSpnCommodity(commodity);
  yield `<interSpreads>${market.spreads
    .filter(({ isSuper }) => !isSuper)
    .map(writeSpnSpread)
    .join('\n')}</interSpreads>\n`;
  yield `<superSpreads>${market.spreads
    .filter(({ isSuper }) => isSuper)
    .map(writeSpnSpread)
    .join('\n')}</superSpreads>\n`;
  yield '</clearingOrg>\n</pointInTime>\n</spanFile>\n';
}

function scanPoints(): string {
  const points = thirds.map((third, index) => ({
    mult: third < 0 ? -1 : 1,
    numerator: Math.abs(third),
    denominator: 3,
    weight: 1,
    index,
  }));
  const extremes = [1, -1].map((side, place) => ({
    mult: side * extremeMultiplier,
    numerator: 1,
    denominator: 1,
    weight: cover,
    index: 14 + place,
  }));
  return [...points, ...extremes]
    .map(({ mult, numerator, denominator, weight, index }) => {
      const paired = index >= 14 ? index + 1 : index % 2 === 0 ? index + 2 : index;
      const volatility = index >= 14 ? 0 : index % 2 === 0 ? 1 : -1;
      return `<scanPointDef><point>${index + 1}</point><pairedPoint>${paired}</pairedPoint><priceScanDef><mult>${mult}</mult><numerator>${numerator}</numerator><denominator>${denominator}</denominator><defType>PROPORTION</defType></priceScanDef><volScanDef><mult>${volatility}</mult><numerator>1</numerator><denominator>1</denominator><defType>PROPORTION</defType></volScanDef><weight>${weight}</weight></scanPointDef>`;
    })
    .join('');
}

function riskArray(losses: readonly number[], delta: number): string {
  return `<ra><r>1</r>${losses.map((loss) => `<a>${loss}</a>`).join('')}<d>${delta}</d></ra>`;
}

function filler(padding: number): string {
  return padding === 0 ? '' : `<divRate><val>0</val><note>${'x'.repeat(padding)}</note></divRate>`;
}

function* writeSpnFutures(commodity: SyntheticCommodity, padding: number): Generator<string> {
  const { code, currency, contractValueFactor: factor, scanRange } = commodity;
  yield `<futPf><pfId>${code}1</pfId><pfCode>${code}</pfCode><name>Future ${code} &lt;x&gt;</name><currency>${currency}</currency><cvf>${factor}</cvf><priceDl>3</priceDl><priceFmt>0</priceFmt><valueMeth>FUT</valueMeth><priceMeth>STD</priceMeth><setlMeth>DELIV</setlMeth>\n`;
  for (const { month, id, price, losses } of commodity.months)
    yield `<fut><cId>${id}</cId><pe>${month}</pe><p>${price}</p><d>1.0</d><v>0</v><cvf>${factor}</cvf><val>${price * factor}</val><sc>1.0</sc><setlDate>${month}20</setlDate><t>0.25</t><intrRate><val>0</val><rl>0</rl><cpm>0</cpm><exm>0</exm></intrRate><scanRate><r>1</r><priceScan>${scanRange}</priceScan><volScan>0.2</volScan></scanRate>${riskArray(losses, 1)}${filler(padding)}</fut>\n`;
  yield '</futPf>\n';
}

function* writeSpnOptions(commodity: SyntheticCommodity, padding: number): Generator<string> {
  const { code, currency, contractValueFactor: factor, scanRange } = commodity;
  yield `<oofPf><pfId>${code}2</pfId><pfCode>${code}</pfCode><name>Option ${code}</name><exercise>AMER</exercise><currency>${currency}</currency><cvf>${factor}</cvf><priceDl>3</priceDl><valueMeth>${commodity.premiumStyle}</valueMeth><undPf><exch>${commodity.exchange}</exch><pfId>${code}1</pfId><pfCode>${code}</pfCode><pfType>FUT</pfType><s>A</s><i>1</i></undPf>\n`;
  for (const { month, id, options } of commodity.months) {
    yield `<series><pe>${month}</pe><v>0.2</v><volSrc>S</volSrc><setlDate>${month}18</setlDate><t>0.24</t><cvf>${factor}</cvf><sc>1.0</sc><intrRate><val>0</val></intrRate><undC><exch>${commodity.exchange}</exch><pfId>${code}1</pfId><cId>${id}</cId><s>A</s><i>1</i></undC><scanRate><r>1</r><priceScan>${scanRange}</priceScan><volScan>0.2</volScan></scanRate>\n`;
    for (const { right, strike, price, delta, losses } of options)
      yield `<opt><cId>${id}${right}${strike}</cId><o>${right}</o><k>${strike}</k><p>${price}</p><pq>1</pq><d>${delta}</d><v>0.2</v><val>${price * factor}</val><cvf>${factor}</cvf>${riskArray(losses, delta)}${filler(padding)}</opt>\n`;
    yield '</series>\n';
  }
  yield '</oofPf>\n';
}

function writeSpnCommodity(commodity: SyntheticCommodity): string {
  const { code, combined, exchange, months, tiers, deltaScaling } = commodity;
  const month = (place: number) => months[place]?.month ?? '';
  const tierList = (kind: string, rate = '') =>
    `<${kind}>${tiers.map(([from, to], index) => `<tier><tn>${index + 1}</tn><sPe>${month(from)}</sPe><ePe>${month(to)}</ePe>${rate}</tier>`).join('')}</${kind}>`;
  const links = ['1 FUT', '2 OOF']
    .map((link) => link.split(' '))
    .map(
      ([suffix, type]) =>
        `<pfLink><exch>${exchange}</exch><pfId>${code}${suffix}</pfId><pfCode>${code}</pfCode><pfType>${type}</pfType><sc>${deltaScaling}</sc><cmbMeth>STD</cmbMeth><applyBasisRisk>0</applyBasisRisk></pfLink>`,
    )
    .join('');
  const { seriesSpread, tierSpread, delivery, minimum } = commodity;
  const leg = (place: string, side: string) =>
    `<${place.split(' ')[0]}><cc>${combined}</cc>${place.split(' ')[1]}<rs>${side}</rs><i>1</i></${place.split(' ')[0]}>`;
  return `<ccDef><cc>${combined}</cc><name>Combined ${code}</name><currency>${commodity.currency}</currency><riskExponent>0</riskExponent><capAnov>0</capAnov><procMeth>2</procMeth><wfprMeth>NORMAL</wfprMeth><spotMeth>10</spotMeth><somMeth>${minimum.method}</somMeth><cmbMeth>1</cmbMeth><marginMeth>P</marginMeth>${links}<adjRate><r>2</r><baseR>1</baseR><val>${commodity.speculatorRatio}</val></adjRate>${
    commodity.isScannedByTier ? tierList('scanTiers') : '<scanTiers><tier><tn>1</tn></tier></scanTiers>'
  }${tierList('intraTiers')}<interTiers><tier><tn>1</tn></tier></interTiers><somTiers><tier><tn>1</tn><rate><r>1</r><val>${minimum.rate}</val></rate></tier></somTiers><dSpread><spread>1</spread><chargeMeth>F</chargeMeth><rate><r>1</r><val>${seriesSpread.rate}</val></rate>${leg(`pLeg <pe>${month(seriesSpread.near)}</pe>`, 'A')}${leg(`pLeg <pe>${month(seriesSpread.far)}</pe>`, 'B')}</dSpread><dSpread><spread>2</spread><chargeMeth>F</chargeMeth><rate><r>1</r><val>${tierSpread.rate}</val></rate>${leg(`tLeg <tn>1</tn>`, 'A')}${leg(`tLeg <tn>2</tn>`, 'B')}</dSpread><spotRate><r>1</r><pe>${month(delivery.month)}</pe><sprd>${delivery.spread}</sprd><outr>${delivery.outright}</outr></spotRate></ccDef>\n`;
}

function writeSpnSpread({ priority, rate, method, legs, target }: SyntheticSpread): string {
  const name = method === 'scanning' ? 'sSpread' : 'dSpread';
  const list = legs.map(
    ({ combined, ratio, side }) => `<tLeg><cc>${combined}</cc><tn>1</tn><rs>${side}</rs><i>${ratio}</i></tLeg>`,
  );
  const aim = target === null ? '' : `<sLeg><cc>${target}</cc><isTarget>1</isTarget></sLeg>`;
  return `<${name}><spread>${priority}</spread><chargeMeth>${method === 'flat' ? 'F' : 'P'}</chargeMeth><rate><r>1</r><val>${rate}</val></rate>${list.join('')}${aim}</${name}>`;
}
