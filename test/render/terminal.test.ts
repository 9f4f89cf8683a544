import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asciiOnly,
  displayWidth,
  pad,
  safe,
  safeBlock,
  safeJson,
  safeLine,
  splitAtWidth,
  truncate,
  wrapWords,
} from '../../src/render/terminal.js';

/** Written out apart from the code under test: by code point, what must never reach a terminal. */
function isDangerous(code: number): boolean {
  const within = (from: number, to: number): boolean => code >= from && code <= to;
  return (
    within(0, 0x1f) ||
    within(0x7f, 0x9f) ||
    within(0x200b, 0x200f) ||
    within(0x2028, 0x202e) ||
    within(0x2060, 0x206f) ||
    code === 0xfeff ||
    code === 0xad ||
    code === 0x61c ||
    within(0xd800, 0xdfff) ||
    within(0xfff9, 0xfffb) ||
    within(0xe0000, 0xe0fff)
  );
}

function dangerIn(text: string, allowed = ''): string[] {
  return [...text].filter((character) => isDangerous(character.codePointAt(0) ?? 0) && !allowed.includes(character));
}

/** Any UTF-16, lone surrogates and all, with the dangerous characters more frequent than chance would have them. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(
        '\x1b[31m',
        '\x1b]0;title\x07',
        '\x9b2J',
        '\u202e',
        '\u2066',
        '\u{e0041}',
        '\ud800',
        '\r',
        '\n',
        '\t',
        'é',
        '日本',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('safe', () => {
  it('shows escape sequences, controls and what lies about the text', () => {
    expect(safe('\x1b[2J\x07\0\x7f\x9b')).toBe('\\x1b[2J\\x07\\x00\\x7f\\x9b');
    expect(safe('a\u202eb\u200b\ufeff\u2028')).toBe('a\\u202eb\\u200b\\ufeff\\u2028');
    expect(safe('x\u{e0041}y')).toBe('x\\u{e0041}y');
    expect(safe('\ud83d!')).toBe('\\ud83d!');
  });

  it('leaves text of any language as it is', () => {
    const text = 'Zoë – 株式会社 – Ünal – مرحبا – 🚀 – ❤️ – e\u0301';
    expect(safe(text)).toBe(text);
  });

  it('handles newlines and tabs as asked', () => {
    expect(safeLine('a\r\n\tb')).toBe('a\\r\\n\\tb');
    expect(safeBlock('a\r\n\tb')).toBe('a\\r\n    b');
    expect(safe('a\n\tb', { newlines: 'keep', tabs: 'keep' })).toBe('a\n\tb');
  });

  it('never lets a dangerous character through, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(dangerIn(safeLine(text))).toEqual([]);
        expect(dangerIn(safeBlock(text), '\n')).toEqual([]);
        expect(dangerIn(safeJson(JSON.stringify(text)))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(anyText, (text) => safe(safe(text)) === safe(text)));
  });
});

describe('safeJson', () => {
  it('says the same to a JSON parser', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(JSON.parse(safeJson(JSON.stringify({ text })))).toEqual({ text });
      }),
    );
  });
});

describe('asciiOnly', () => {
  it('writes out everything else', () => {
    expect(asciiOnly('Zoë 🚀')).toBe('Zo\\xeb \\u{1f680}');
  });
});

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['Zoë', 3],
    ['e\u0301', 1],
    ['株式会社', 8],
    ['한국어', 6],
    ['ｆｕｌｌ', 8],
    ['🚀', 2],
    ['👍🏽', 2],
    ['🇳🇱', 2],
    ['❤️', 2],
    ['✓', 1],
    ['', 0],
  ])('%s takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('truncate, pad and split', () => {
  it('cuts to columns, not to characters', () => {
    expect(truncate('production.job.completed', 12)).toBe('production.…');
    expect(truncate('株式会社', 5)).toBe('株式…');
    expect(truncate('abc', 3)).toBe('abc');
    expect(truncate('abcdef', 5, '...')).toBe('ab...');
  });

  it('keeps a combining mark with its letter', () => {
    expect(splitAtWidth('e\u0301e\u0301', 1)).toEqual(['e\u0301', 'e\u0301']);
  });

  it('pads by columns', () => {
    expect(pad('日', 4)).toBe('日  ');
    expect(pad('12 ms', 7, 'right')).toBe('  12 ms');
    expect(pad('longer', 3)).toBe('longer');
  });

  it('never exceeds the width that was asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
        expect(displayWidth(truncate(safeLine(text), width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapWords', () => {
  it('breaks at spaces, and cuts a word only where it must', () => {
    expect(wrapWords('the signature does not match', 12)).toEqual(['the', 'signature', 'does not', 'match']);
    expect(wrapWords('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(wrapWords('', 10)).toEqual(['']);
    expect(wrapWords('one\ntwo', 10)).toEqual(['one', 'two']);
  });

  it('keeps a command that is to be copied on one line', () => {
    expect(wrapWords('Take another: webhook tunnels', 22)).toEqual(['Take another:', 'webhook tunnels']);
    expect(wrapWords('mywebhook is another', 12)).toEqual(['mywebhook is', 'another']);
  });

  it('gives lines that fit and loses no letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (text, width) => {
        const line = safeLine(text);
        const rows = wrapWords(line, width);
        for (const row of rows) expect(displayWidth(row)).toBeLessThanOrEqual(width);
        expect(rows.join('').replaceAll(' ', '')).toBe(line.replaceAll(' ', ''));
      }),
    );
  });
});
