import { describe, expect, it } from 'vitest';
import { KnownValues } from '../../../src/core/capture/known.js';
import { luhn } from '../../../src/core/capture/sensitive.js';
import { partsOfName, StandIns } from '../../../src/core/capture/stand-ins.js';

const standIns = (...known: string[]): StandIns => {
  const values = new KnownValues();
  for (const value of known) values.add(value, 'e-mail address');
  return new StandIns(values);
};

describe('stand-ins', () => {
  it('are the same for the same value, and others for others', () => {
    const made = standIns();
    const [one, again, other] = ['zoe@x.nl', 'Zoe@X.nl', 'jan@x.nl'].map((value) => made.of(value, 'e-mail address'));
    expect([one, again, other]).toEqual(['person1@example.com', 'person1@example.com', 'person2@example.com']);
  });

  it('of a name are put together from those of its parts', () => {
    const made = standIns();
    expect(made.of('Zoë', 'given name')).toBe('Alex');
    expect(made.of('Zoë de Vries', 'name')).toBe('Alex Sample');
    expect(made.of('de Vries', 'family name')).toBe('Sample');
    expect(made.of('Jan de Vries', 'name')).toBe('Sam Sample');
    expect(partsOfName('  Zoë   de Vries ')).toEqual(['Zoë', 'de Vries']);
  });

  it('have the form of what they stand for', () => {
    const made = standIns();
    expect(made.of('1012 AB', 'part of an address')).toBe('0001 AA');
    const card = made.of('4242-4242-4242-4242', 'card number');
    expect(card).toMatch(/^4\d{3}-\d{4}-\d{4}-\d{4}$/);
    expect([luhn(card.replace(/\D/g, '')), card === '4242-4242-4242-4242']).toEqual([0, false]);
    expect(made.of('1980-05-17', 'date of birth')).toBe('1970-01-01');
    expect(made.of('31201234567', 'phone number')).toBe('12025550101');
    expect(made.of('+31 20 1234567', 'phone number')).toBe('+12025550101');
    expect(made.of('sk_live_4eC39HqLyjWDarjtT1zdp7dc', 'secret')).toBe('sk_live_redacted1');
    expect(made.of('2001:db8::ff00:42:8329', 'IP address')).toBe('2001:db8::1');
    expect(JSON.parse(made.of('52.3702', 'part of an address'))).toBeTypeOf('number');
  });

  it('hold nothing that is private themselves', () => {
    expect(standIns('person1@example.com', 'person2@example.com').of('zoe@x.nl', 'e-mail address')).toBe('person3@example.com');
  });
});
