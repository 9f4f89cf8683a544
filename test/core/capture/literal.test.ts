import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replaceInLiteral } from '../../../src/core/capture/literal.js';
import { textOfString, utf8AsLatin1 } from '../../../src/core/events/json-tokens.js';

describe('a part of a JSON string that is replaced', () => {
  it('leaves the rest as it is spelled', () => {
    const inside = utf8AsLatin1('Zo\\u00eb \\/ 😀 \\ud83d\\ude00 ë: old, \\"x\\"');
    const text = textOfString(inside);
    const start = text.indexOf('old');
    const after = replaceInLiteral(inside, [{ start, end: start + 3, text: 'n"ë' }]);
    expect(after).toBe(utf8AsLatin1('Zo\\u00eb \\/ 😀 \\ud83d\\ude00 ë: n\\"ë, \\"x\\"'));
  });

  it('says what it should, wherever the part stands', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { minLength: 3, maxLength: 3 }),
        fc.string(),
        (parts, standIn) => {
          const [before = '', middle = '', after = ''] = parts;
          for (const spell of [
            JSON.stringify,
            (text: string) =>
              `"${[...Array(text.length)].map((_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`,
          ]) {
            const inside = utf8AsLatin1(spell(before + middle + after).slice(1, -1));
            const made = replaceInLiteral(inside, [{ start: before.length, end: before.length + middle.length, text: standIn }]);
            expect(textOfString(made)).toBe(before + standIn + after);
            expect(made.startsWith(utf8AsLatin1(spell(before).slice(1, -1)))).toBe(true);
            expect(made.endsWith(utf8AsLatin1(spell(after).slice(1, -1)))).toBe(true);
          }
        },
      ),
    );
  });
});
