import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Slots } from '../../../src/io/store/slots.js';

it('gives back what stands under a number, once, and gives the number anew', () => {
  const slots = new Slots<string>();
  const [a, b] = [slots.put('a'), slots.put('b')];
  expect([slots.take(a), slots.take(a), slots.size]).toEqual(['a', null, 1]);
  expect(slots.put('c')).toBe(a);
  expect([slots.take(b), slots.take(a), slots.take(7), slots.size]).toEqual(['b', 'c', null, 0]);
});

it('holds what a map would', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (steps) => {
      const slots = new Slots<number>();
      const map = new Map<number, number>();
      steps.forEach((step, value) => {
        if (step > 8) {
          const number = slots.put(value);
          expect(map.has(number)).toBe(false);
          map.set(number, value);
        } else {
          expect(slots.take(step)).toBe(map.get(step) ?? null);
          map.delete(step);
        }
        expect(slots.size).toBe(map.size);
      });
      expect(slots.takeAll().toSorted((a, b) => a - b)).toEqual([...map.values()].toSorted((a, b) => a - b));
      expect(slots.size).toBe(0);
    }),
  );
});
