import { describe, expect, it } from 'vitest';
import { STYLES } from '../../../src/core/check/restyle.js';

const written = (code: string, json: string): string | undefined =>
  STYLES.find((style) => style.code === code)
    ?.write(Buffer.from(json))
    ?.toString();

// What Node 20, Python 3.12 and PHP 8.3 print for this text.
const JSON_TEXT =
  '{ "name": "Zoë <\\u0062>",\n "url":"https:\\/\\/x.nl\\/a", "total":499.00, "many": [1e2, true,null], "emoji":"🖨" }';

describe('JSON written again', () => {
  it('as JavaScript writes it', () => {
    expect(written('javascript', JSON_TEXT)).toBe(
      '{"name":"Zoë <b>","url":"https://x.nl/a","total":499,"many":[100,true,null],"emoji":"🖨"}',
    );
  });

  it('as Python writes what JavaScript wrote', () => {
    expect(written('python', JSON_TEXT)).toBe(
      '{"name": "Zo\\u00eb <b>", "url": "https://x.nl/a", "total": 499, "many": [100, true, null], "emoji": "\\ud83d\\udda8"}',
    );
  });

  it('as PHP writes what JavaScript wrote', () => {
    expect(written('php', JSON_TEXT)).toBe(
      '{"name":"Zo\\u00eb <b>","url":"https:\\/\\/x.nl\\/a","total":499,"many":[100,true,null],"emoji":"\\ud83d\\udda8"}',
    );
  });

  it('is nothing where it is no JSON', () => {
    for (const { write } of STYLES) expect(write(Buffer.from('payload=%7B%7D'))).toBeNull();
  });
});
