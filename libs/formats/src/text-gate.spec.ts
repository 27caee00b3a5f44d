import { FileRefusal } from './file-refusal';
import { decodeText, TextGate } from './text-gate';

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof FileRefusal) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('text gate', () => {
  it.each([
    ['an empty file', new Uint8Array(0), 'f.csv: the file is empty'],
    ['UTF-16 little endian', Uint8Array.of(0xff, 0xfe, 97, 0), 'f.csv:1: UTF-16 text'],
    ['UTF-16 big endian', Uint8Array.of(0xfe, 0xff, 0, 97), 'f.csv:1: UTF-16 text'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'f.csv:1: a gzip archive'],
    ['a workbook', Uint8Array.of(0x50, 0x4b, 3, 4, 0), 'f.csv:1: a zip archive'],
    ['PDF', utf8('%PDF-1.7\n'), 'f.csv:1: a PDF'],
    ['NUL inside', utf8('a,b\n1,2\n1\0,2\n'), 'f.csv:3: NUL byte'],
    ['Latin-1', latin1('a,b\n1,2\nM\u00fcller,2\n'), 'f.csv:3: bytes that are not UTF-8'],
    ['CR only', utf8('a,b\r1,2\r'), 'f.csv:1: a line end of CR only'],
    ['CR at the very end', utf8('a,b\n1,2\r'), 'f.csv:2: a line end of CR only'],
    ['LF then CRLF', utf8('a,b\n1,2\r\n'), 'f.csv:2: mixed line ends'],
    ['CRLF then LF', utf8('a,b\r\n1,2\r\n3,4\n'), 'f.csv:3: mixed line ends'],
    ['an unclosed quote', utf8('a,b\n1,"2\n3,4\n'), 'f.csv:2: a quoted value is not closed'],
    ['a line of 2 MB', utf8(`a,b\n${'x'.repeat(2_000_000)}`), 'f.csv:2: a record longer than 1 MiB'],
  ])('refuses %s', (_, bytes, message) => {
    expect(refusalOf(() => decodeText(bytes, 'f.csv'))).toContain(message);
  });

  it.each([
    ['LF', 'a,b\n1,2\n', 'a,b\n1,2\n', true],
    ['CRLF', 'a,b\r\n1,2\r\n', 'a,b\r\n1,2\r\n', true],
    ['a byte order mark', '\ufeffa,b\n1,2\n', 'a,b\n1,2\n', true],
    ['LF inside quotes of a CRLF file', 'a,b\r\n"x\ny",2\r\n', 'a,b\r\n"x\ny",2\r\n', true],
    ['no line end at the end', 'a,b\n1,2', 'a,b\n1,2', false],
  ])('accepts %s', (_, text, expected, endsWithLineEnd) => {
    const decoded = decodeText(utf8(text), 'f.csv');
    expect(decoded.text).toBe(expected);
    expect(decoded.gate.endsWithLineEnd).toBe(endsWithLineEnd);
  });

  it('gives the same text and line numbers however the bytes are cut', () => {
    const bytes = utf8('id,name\r\n1,"Zürich\nWest"\r\n2,東京\r\n3,"a ""b"""\r\n4,end');
    const whole = decodeText(bytes, 'f.csv').text;
    for (let size = 1; size <= bytes.length; size += 1) {
      const gate = new TextGate('f.csv');
      const blocks = [];
      for (let at = 0; at < bytes.length; at += size) blocks.push(gate.push(bytes.subarray(at, at + size)));
      blocks.push(gate.end());
      const present = blocks.filter((block) => block !== undefined);
      expect(present.map((block) => block.text).join('')).toBe(whole);
      let line = 1;
      for (const block of present) {
        expect(block.firstLine).toBe(line);
        expect(block.hasQuotes).toBe(block.text.includes('"'));
        line += block.text.split('\n').length - 1;
      }
    }
  });
});
