import { ageHole, ageMsAt, fillAges } from './answer-ages';

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
});
