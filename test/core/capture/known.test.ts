import { describe, expect, it } from 'vitest';
import { KnownValues } from '../../../src/core/capture/known.js';

function found(values: readonly string[], text: string): string[] {
  const known = new KnownValues();
  for (const value of values) known.add(value, 'name');
  return known.find(text).map(({ start, end }) => text.slice(start, end));
}

describe('values that are known', () => {
  it('are found as whole words, whatever their case, the longest first', () => {
    expect(found(['Anna', 'Anna de Vries'], 'For ANNA DE VRIES, not Savannah; Anna.')).toEqual(['ANNA DE VRIES', 'Anna']);
    expect(found(['+31 20 123'], 'call +31 20 123!')).toEqual(['+31 20 123']);
    expect(found(['Zoë'], 'Zoë Zoëla Zoë')).toEqual(['Zoë', 'Zoë']);
    expect(found(['a.b@c.de'], '<a.b@c.de>')).toEqual(['a.b@c.de']);
  });

  it('are not looked for where they say nothing', () => {
    expect(found(['12', 'NL', '12345', '--'], '12 NL 12345 --')).toEqual([]);
    const known = new KnownValues();
    known.add('test', 'secret');
    expect(known.find('a test')).toEqual([]);
  });

  it('are found in a time that does not grow with their number', () => {
    const values = Array.from({ length: 20_000 }, (_, index) => `Person${index} Name${index}`);
    const text = values.join(', ');
    expect(found(values, text)).toHaveLength(20_000);
  });
});
