import { inventMarket } from '../../../test/support/risk-file-generator';
import { writeSpn } from '../../../test/support/risk-file-generator-spn';
import { readSpnFile } from './spn-file';
import type { RiskAccountType, RiskParameterFile } from './risk-parameter-file';

const good = [...writeSpn(inventMarket({ commodities: 2, months: 2, strikes: 2 }))].join('');

function read(
  text: string | Uint8Array,
  changes: { readonly accountType?: RiskAccountType; readonly size?: number } = {},
): Promise<RiskParameterFile> {
  const all = typeof text === 'string' ? Buffer.from(text) : text;
  const size = changes.size ?? 4096;
  const bytes = (async function* () {
    for (let from = 0; from < all.length; from += size) yield all.subarray(from, from + size);
  })();
  const selection = { hasProduct: () => true, has: () => true };
  return readSpnFile({ source: { name: 'f.spn', bytes }, selection, accountType: changes.accountType ?? 'member' });
}

const once = (from: string | RegExp, to: string) => {
  const text = good.replace(from, to);
  if (text === good) throw new Error(`nothing to replace: ${from}`);
  return text;
};

describe('readSpnFile on hostile files', () => {
  const laughs = `<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<spanFile>&b;</spanFile>`;
  const external = `<?xml version="1.0"?>\n  <!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<spanFile>&e;</spanFile>`;

  it.each([
    ['billion laughs', laughs, 'f.spn:2: column character 1: a document type declaration (DTD)'],
    ['an external entity (XXE)', external, 'f.spn:2: column character 3: a document type declaration (DTD)'],
    ['an entity without DTD', once('<name>Synthetic', '<name>&e;Synthetic'), 'an entity other than the five of XML'],
    ['a DTD after the root has begun', once('<pointInTime>', '<!DOCTYPE x []><pointInTime>'), 'f.spn:6'],
    ['deep nesting', `<spanFile>${'<x>'.repeat(100)}`, 'nested deeper than 48 levels'],
    ['an endless value', `<spanFile><fileFormat>${'4'.repeat(2_000_000)}`, 'more than 1 MiB without a tag'],
    ['an endless comment', `<spanFile><!--${'4'.repeat(2_000_000)}`, 'more than 1 MiB without a tag'],
    ['an element without end', `<spanFile><pointInTime><clearingOrg><ec>X</ec><ccDef>${'<a/>'.repeat(200_001)}`, 'more than 200 000'],
  ])('refuses %s, with line and place', async (_, text, reason) => {
    for (const size of [1 << 20, 97]) {
      await expect(read(text, { size })).rejects.toMatchObject({ name: 'FileRefusal' });
      await expect(read(text, { size })).rejects.toThrow(reason);
    }
  }); // prettier-ignore
});

describe('readSpnFile on damaged files', () => {
  it.each([
    ['an empty file', '', 'the file is empty'],
    ['a cut file', good.slice(0, good.length / 2), 'is the file cut?'],
    ['a file cut after the last contract', good.slice(0, good.indexOf('</exchange>')), 'is not closed; is the file cut?'],
    ['tags that cross', once('</p><d>1.0</d>', '<d>1.0</p></d>'), 'wrong nesting'],
    ['another root', '<html></html>', 'the root is html'],
    ['two roots', `${good}<spanFile/>`, 'f.spn'],
    ['text that is no XML', 'exchange,commodity\n', 'not well-formed XML'],
    ['another version', once('4.00', '5.00'), 'value "5.00": only fileFormat 4.00 is read'],
    ['no version', once('<fileFormat>4.00</fileFormat>', ''), 'states no fileFormat'],
    ['a contract outside its family', once('<exchange><exch>', '<exchange><series></series><exch>'), 'series inside exchange'],
    ['an exchange inside a family', once('<futPf>', '<futPf><exchange></exchange>'), 'exchange inside futPf'],
    ['a container inside a contract', once('<fut>', '<fut><series></series>'), 'series inside fut'],
    ['an exchange without a name', once('<exch>XAA</exch>', ''), 'without exch'],
    ['fifteen values', once(/<a>[^<]*<\/a>/, ''), 'value "15 values": a risk array of sixteen values'],
    ['a number that is none', once(/<a>[^<]*<\/a>/, '<a>1,5</a>'), 'value "1,5": expected a number'],
    ['NaN', once(/<a>[^<]*<\/a>/, '<a>NaN</a>'), 'value "NaN": expected a number'],
    ['a hexadecimal number', once(/<a>[^<]*<\/a>/, '<a>0x10</a>'), 'value "0x10": expected a number'],
    ['an overflow', once(/<a>[^<]*<\/a>/, '<a>1e400</a>'), 'value "1e400": expected a number'],
    ['an empty array value', once(/<a>[^<]*<\/a>/, '<a></a>'), 'expected a number'],
    ['an unknown right', once('<o>C</o>', '<o>X</o>'), 'expected o to be C or P'],
    ['an option without strike', once(/<k>[^<]*<\/k>/, ''), 'an option without o or k'],
    ['an impossible month', once(/<pe>\d{6}<\/pe>/, '<pe>202613</pe>'), 'value "202613": expected a contract month'],
    ['a leg to no tier', once('<tLeg><cc>C000</cc><tn>2</tn>', '<tLeg><cc>C000</cc><tn>9</tn>'), 'no such tier'],
    ['a leg without a side', once('<rs>B</rs>', '<rs>C</rs>'), 'expected side A or B'],
    ['a leg that takes nothing', once('<i>1</i></pLeg>', '<i>0</i></pLeg>'), 'greater than 0'],
    ['two commodities of one code', once('<cc>C001</cc><name>', '<cc>C000</cc><name>'), 'a second ccDef'],
    ['a product in two commodities', once('<pfLink><exch>XBB</exch><pfId>F0011', '<pfLink><exch>XAA</exch><pfId>F0001'), 'belongs to C000 already'],
    ['a rate of 0', once('<factor>1.0825</factor>', '<factor>0</factor>'), 'a rate greater than 0'],
    ['another order of scan points', once('<point>2</point>', '<point>3</point>'), 'expected point 2 here'],
    ['another price move', once('<numerator>2</numerator>', '<numerator>1</numerator>'), 'expected a price move of 2/3'],
    ['fifteen scan points', once(/<scanPointDef>.*?<\/scanPointDef>/, ''), 'sixteen scan points'],
    ['rates after the contracts', once('</exchange>', '</exchange><pbRateDef><r>1</r></pbRateDef>'), 'rates must be known before'],
    ['another day', once('</pointInTime>', '</pointInTime><pointInTime><date>20260912</date></pointInTime>'), 'of another date'],
    ['bytes that are no UTF-8', Buffer.from(good.replace('Synthetic Clearing', 'Cl\u00e9aring'), 'latin1'), 'not UTF-8'],
    ['another encoding', once('<?xml version="1.0"?>', '<?xml version="1.0" encoding="ISO-8859-9"?>'), 'the encoding ISO-8859-9'],
    ['an archive', Uint8Array.of(0x50, 0x4b, 3, 4), 'a zip archive'],
  ])('refuses %s', async (_, text, reason) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'FileRefusal' });
    await expect(read(text)).rejects.toThrow(reason);
  }); // prettier-ignore

  it('names the line and the character', async () => {
    const at = good.indexOf('<k>');
    const line = good.slice(0, at).split('\n').length;
    const text = `${good.slice(0, at)}<k>abc</k>${good.slice(good.indexOf('</k>') + 4)}`;
    await expect(read(text)).rejects.toThrow(`f.spn:${line}: column opt (character`);
  });
});

describe('readSpnFile', () => {
  it('takes a byte order mark, CRLF, CDATA and comments', async () => {
    const plain = await read(good);
    const other = await read(
      `\ufeff${good.replaceAll('\n', '\r\n').replace('<k>', '<!-- k --><k>').replace('<pfCode>F000</pfCode>', '<pfCode><![CDATA[F000]]></pfCode>')}`,
    );
    expect(other.contracts.map(({ losses, strike }) => [strike, losses])).toEqual(
      plain.contracts.map(({ losses, strike }) => [strike, losses]),
    );
  });

  it('multiplies amounts by the risk exponent and says so', async () => {
    const plain = await read(good);
    const { contracts, commodities, warnings } = await read(good.replaceAll('<riskExponent>0', '<riskExponent>2'));
    expect(contracts[0]?.losses?.[12]).toBe(100 * (plain.contracts[0]?.losses?.[12] ?? NaN));
    expect(commodities[0]?.calendarSpreads[0]?.rate).toBe(
      100 * (plain.commodities[0]?.calendarSpreads[0]?.rate ?? NaN),
    );
    expect(warnings.join()).toContain('multiplied by 10^2');
  });

  it('multiplies by the adjustment of the account type, and starts its ratio there', async () => {
    const text = good
      .replace(
        '<r>1</r><isCust>1</isCust><acctType>S</acctType><isM>1</isM>',
        '<r>3</r><isCust>1</isCust><acctType>S</acctType><isM>1</isM>',
      )
      .replaceAll(
        '<adjRate><r>2</r><baseR>1</baseR>',
        '<adjRate><r>3</r><baseR>1</baseR><val>1.5</val></adjRate><adjRate><r>2</r><baseR>3</baseR>',
      );
    const [member, speculator] = [await read(text), await read(text, { accountType: 'speculator' })];
    expect(speculator.contracts[0]?.losses?.[12]).toBe(1.5 * (member.contracts[0]?.losses?.[12] ?? NaN));
    expect(speculator.commodities[0]?.shortOptionMinimum.rate).toBe(
      1.5 * (member.commodities[0]?.shortOptionMinimum.rate ?? NaN),
    );
    expect(speculator.commodities[0]?.initialToMaintenanceRatio).toBe(1.1);
    expect(member.commodities[0]?.initialToMaintenanceRatio).toBe(1);
  });

  it('reads tiers of the short option minimum', async () => {
    const tiers =
      '<tier><tn>1</tn><sPe>202609</sPe><ePe>202609</ePe><rate><r>1</r><val>30</val></rate></tier><tier><tn>2</tn><sPe>202610</sPe><ePe>202612</ePe><rate><r>1</r><val>60</val></rate></tier>';
    const { commodities } = await read(good.replaceAll(/<somTiers>.*?<\/somTiers>/g, `<somTiers>${tiers}</somTiers>`));
    expect(commodities[0]?.shortOptionMinimum.tiers).toEqual([
      { from: '2026-09', to: '2026-09-zz', rate: 30 },
      { from: '2026-10', to: '2026-12-zz', rate: 60 },
    ]);
  });

  it('reads flat, per cent and scanning spreads between commodities', async () => {
    const leg = (cc: string, side: string) => `<tLeg><cc>${cc}</cc><tn>1</tn><rs>${side}</rs><i>2</i></tLeg>`;
    const rate = (value: string) => `<rate><r>1</r><val>${value}</val></rate>${leg('C000', 'A')}${leg('C001', 'B')}`;
    const spreads = [
      `<dSpread><spread>1</spread><chargeMeth>F</chargeMeth>${rate('250')}</dSpread>`,
      `<dSpread><spread>2</spread><chargeMeth>P</chargeMeth>${rate('55')}</dSpread>`,
      `<sSpread><spread>3</spread>${rate('0.98')}<sLeg><cc>C000</cc><isTarget>1</isTarget></sLeg></sSpread>`,
    ];
    const { intercommodity, warnings } = await read(
      good.replace(/<interSpreads>.*<\/interSpreads>/s, `<interSpreads>${spreads.join('')}</interSpreads>`),
    );
    expect(intercommodity.slice(0, 3).map(({ method, rate: value, target }) => [method, value, target])).toEqual([
      ['flat', 250, null],
      ['weighted', 0.55, null],
      ['scanning', 0.98, 'C000'],
    ]);
    expect(intercommodity[0]?.legs[0]).toEqual({ underlying: 'C000', ratio: 2, side: 'A' });
    expect(warnings.join()).toContain('taken as per cent');
  });

  it('keeps clearing organisations apart', async () => {
    const second = /<clearingOrg>.*<\/clearingOrg>/s
      .exec(good)?.[0]
      .replaceAll('<ec>XCH', '<ec>YCH')
      .replaceAll('XAA', 'YAA')
      .replaceAll('XBB', 'YBB');
    const { clearingOrganizations, commodities } = await read(
      good.replace('</pointInTime>', `${second}</pointInTime>`),
    );
    expect(clearingOrganizations).toEqual(['XCH', 'YCH']);
    expect(commodities.map(({ id }) => id)).toEqual(['C000', 'C001', 'YCH:C000', 'YCH:C001']);
    expect(commodities.map(({ products }) => products[0]?.exchange)).toEqual(['XAA', 'XBB', 'YAA', 'YBB']);
  });
});
