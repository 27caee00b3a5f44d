import { ByteColumn, byteScratch } from './byte-column';

describe('ByteColumn', () => {
  it('gives texts back in UTF-8, however many there are and whatever letters they have', () => {
    const texts = Array.from({ length: 9_000 }, (_, index) => `${index} Grüße € 𝄞`.repeat(1 + (index % 3)));
    const column = new ByteColumn();
    for (const text of texts) column.push(text);
    expect(column.length).toBe(texts.length);
    expect(column.longest).toBe(Math.max(...texts.map((text) => Buffer.byteLength(text))));
    const target = byteScratch(200);
    for (const index of [0, 1, 4_711, 8_999]) {
      const end = column.copyTo(target, 3, index);
      expect(target.bytes.subarray(3, end).toString('utf8')).toBe(texts[index]);
      expect(end - 3).toBe(column.sizeOf(index));
    }
  });
});
