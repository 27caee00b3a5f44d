import { makeTimestampParser } from './timestamp-parser';

describe('makeTimestampParser', () => {
  it('reads the same instant again, as a Date of its own', () => {
    const parse = makeTimestampParser();
    const text = '2026-11-20 21:00:00.123+00';
    const first = parse(text) as Date;
    expect(first.toISOString()).toBe('2026-11-20T21:00:00.123Z');
    first.setTime(0);
    expect((parse(text) as Date).toISOString()).toBe('2026-11-20T21:00:00.123Z');
    expect(parse(text)).not.toBe(parse(text));
    expect((parse('0044-03-15 12:00:00+00 BC') as Date).toISOString()).toBe('-000043-03-15T12:00:00.000Z');
    expect([parse('infinity'), parse('-infinity')]).toEqual([Infinity, -Infinity]);
  });

  it('reads more instants than it remembers', () => {
    const parse = makeTimestampParser();
    const texts = Array.from({ length: 2_500 }, (_, index) =>
      new Date(index * 1_000).toISOString().replace('T', ' ').replace('Z', '+00'),
    );
    const expected = texts.map((_, index) => new Date(index * 1_000));
    expect(texts.map(parse)).toEqual(expected);
    expect(texts.map(parse)).toEqual(expected);
  });
});
