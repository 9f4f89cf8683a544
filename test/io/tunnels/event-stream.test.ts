import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStreamReader, type ServerSentEvent } from '../../../src/io/tunnels/event-stream.js';

function read(...pieces: readonly string[]): { events: ServerSentEvent[]; lastId: string } {
  const events: ServerSentEvent[] = [];
  const reader = new EventStreamReader((event) => events.push(event));
  for (const piece of pieces) reader.read(piece);
  return { events, lastId: reader.lastId };
}

/** The examples of https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
describe('the examples of the specification', () => {
  it.each([
    ['data: YHOO\ndata: +2\ndata: 10\n\n', ['YHOO\n+2\n10']],
    [
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n',
      ['first event', 'second event'],
    ],
    ['data\n\ndata\ndata\n\ndata:', ['', '\n']],
    ['data:test\n\ndata: test\n\n', ['test', 'test']],
  ])('%j', (text, data) => {
    expect(read(text).events).toEqual(data.map((one) => ({ type: 'message', data: one })));
  });

  it('name the event', () => {
    expect(read('event: add\ndata: 1\n\ndata: 2\n\n').events).toEqual([
      { type: 'add', data: '1' },
      { type: 'message', data: '2' },
    ]);
  });
});

describe('the id of the last event', () => {
  it.each([
    ['id: 7\ndata: a\n\n', '7'],
    ['id: 7\ndata: a\n\ndata: b\n\n', '7'],
    ['id: 7\n\n', '7'],
    ['id: 7\ndata: a\n\nid\ndata: b\n\n', ''],
    ['id: 7\ndata: a\n\nid: 8\ndata: b\n', '7'],
    ['id: 7\ndata: a\n\nid: 8\0\n\n', '7'],
    ['data: a\n\n', ''],
  ])('after %j', (text, id) => {
    expect(read(text).lastId).toBe(id);
  });
});

it('is the same in whatever pieces and with whatever ends of lines it comes', () => {
  const text = '\ufeffid: 1\nevent: x\ndata: one\ndata: two\n\n: no\ndata: three\n\nid: 2\ndata: four\n';
  const whole = read(text);
  expect(whole.events).toHaveLength(2);
  fc.assert(
    fc.property(fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(90)), (end, cuts) => {
      const spelled = text.replaceAll('\n', end);
      const at = [0, ...cuts.sort((a, b) => a - b), spelled.length];
      const read_ = read(...at.slice(1).map((to, index) => spelled.slice(at[index], to)), '');
      expect(read_).toEqual(whole);
    }),
  );
});
