import fc from 'fast-check';
import { ageHole, ageMsAt, cutAtAges, joinWithAges } from './answer-ages';

const fillAges = (text: string, now: number): string =>
  Buffer.from(joinWithAges(cutAtAges(text), now), 'latin1').toString();

describe('ages in answers', () => {
  it('are told as of the moment the answer is given', () => {
    const text = `{"a":${ageHole(1_000)},"name":${JSON.stringify('\u0000 1000 \u0000')},"b":${ageHole(5_000)}}`;
    expect(JSON.parse(fillAges(text, 4_000))).toEqual({ a: 3_000, name: '\u0000 1000 \u0000', b: 0 });
    expect(JSON.parse(fillAges(text, 6_500))).toEqual({ a: 5_500, name: '\u0000 1000 \u0000', b: 1_500 });
    expect(fillAges('{"data":null}', 4_000)).toBe('{"data":null}');
  });

  it('stay within what the schema can tell', () => {
    expect([ageMsAt(10, 5), ageMsAt(0, 2 ** 31 - 1), ageMsAt(0, 2 ** 31)]).toEqual([0, 2 ** 31 - 1, 2 ** 31 - 1]);
  });

  it('are the same in bytes as in text, whatever stands around them', () => {
    const text = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }).map((each) => JSON.stringify(each)),
        fc.nat(3_000_000_000).map(ageHole),
      ),
    );
    fc.assert(
      fc.property(text, fc.nat(6_000_000_000), (parts, now) => {
        const answer = parts.join(',');
        expect(fillAges(answer, now)).toBe(
          answer.replace(/\u0000(\d+)\u0000/g, (_, instant: string) => String(ageMsAt(Number(instant), now))),
        );
      }),
    );
  });
});
