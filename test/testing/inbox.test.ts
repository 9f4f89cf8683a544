import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Inbox } from '../../src/testing/inbox.js';

const any = { what: 'letter', matches: () => true, timeoutMs: 1_000 };
const letter = (wanted: string, timeoutMs = 1_000) => ({ what: wanted, matches: (one: string) => one === wanted, timeoutMs });
const inbox = (): Inbox<string> => new Inbox((arrived) => arrived);

function fakeTimers(): void {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

describe('the inbox', () => {
  it('hands out what arrived before it was asked for, in order, each once', async () => {
    const box = inbox();
    for (const one of ['a', 'b', 'a']) box.add(one);
    expect(await box.next(letter('b'))).toBe('b');
    expect([await box.next(any), await box.next(any)]).toEqual(['a', 'a']);
    expect(box.all).toEqual(['a', 'b', 'a']);
  });

  it('waits longer than a timer can be set for', async () => {
    fakeTimers();
    const box = inbox();
    const late = box.next({ ...any, timeoutMs: 30 * 86_400_000 });
    await vi.advanceTimersByTimeAsync(86_400_000);
    box.add('a');
    expect(await late).toBe('a');
  });

  it('hands out what arrives later, to who asked first', async () => {
    const box = inbox();
    const order: string[] = [];
    const first = box.next(any).then((one) => order.push(`first ${one}`));
    const second = box.next(any).then((one) => order.push(`second ${one}`));
    const third = box.next(letter('c')).then((one) => order.push(`third ${one}`));
    for (const one of ['c', 'b', 'c']) box.add(one);
    await Promise.all([first, second, third]);
    expect(order).toEqual(['first c', 'second b', 'third c']);
  });

  it('says what did arrive where something else was waited for', async () => {
    fakeTimers();
    const box = inbox();
    box.add('a');
    await box.next(letter('a'));
    const waiting = expect(box.next(letter('z', 2_000))).rejects.toMatchObject({
      code: 'expectation_failed',
      message: 'No z arrived within 2 s. What did: a (handed out before), b.',
    });
    box.add('b');
    await vi.advanceTimersByTimeAsync(2_000);
    await waiting;
    const empty = expect(inbox().next(letter('z', 500))).rejects.toThrow('No z arrived within 500 ms. Nothing did.');
    await vi.advanceTimersByTimeAsync(500);
    await empty;
  });

  it('names no more than ten of them', async () => {
    const box = inbox();
    for (let i = 0; i < 25; i++) box.add(`e${i}`);
    box.close();
    await expect(box.next(letter('z'))).rejects.toThrow(
      /What did: 15 more, then e15, e16, e17, e18, e19, e20, e21, e22, e23, e24\.$/,
    );
  });

  it('ends what waits when it is closed, and leaves no timer', async () => {
    fakeTimers();
    const box = inbox();
    const waiting = expect(box.next(letter('z'))).rejects.toThrow('No z arrived before the receiver was closed. Nothing did.');
    box.close();
    await waiting;
    await expect(box.next(letter('z'))).rejects.toThrow('before the receiver was closed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('forgets what arrived, not who waits', async () => {
    const box = inbox();
    box.add('a');
    const waiting = box.next(letter('b'));
    box.clear();
    expect(box.all).toEqual([]);
    box.add('b');
    expect(await waiting).toBe('b');
  });
});
