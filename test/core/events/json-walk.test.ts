import { describe, expect, it } from 'vitest';
import { parsePath } from '../../../src/core/events/json-path.js';
import { walkPath } from '../../../src/core/events/json-walk.js';

const walked = (text: string, path: string): string[] =>
  walkPath(text, parsePath(path)).map(({ start, end }) => text.slice(start, end));

describe('walkPath', () => {
  it('gives what stands at each step, as far as the path leads', () => {
    const text = '{"a":{"b":[1,{"c":2}]},"z":0}';
    expect(walked(text, 'a.b[1].c')).toEqual([text, '{"b":[1,{"c":2}]}', '[1,{"c":2}]', '{"c":2}', '2']);
    expect(walked(text, 'a.x.y')).toEqual([text, '{"b":[1,{"c":2}]}']);
    expect(walked(text, 'c')).toEqual([text]);
  });

  it('counts what a container on the path holds, and says where its last item ends', () => {
    const [root, list] = walkPath('{"l":[1,[2,3],{"x":4} ],"m":0}', parsePath('l[9]'));
    expect(root).toMatchObject({ kind: '{', count: 2, lastEnd: 29 });
    expect(list).toMatchObject({ kind: '[', count: 3, lastEnd: 21 });
  });

  it('starts over at a key that stands again', () => {
    expect(walked('{"a":{"b":1},"a":{"c":{}}}', 'a.b')).toEqual(['{"a":{"b":1},"a":{"c":{}}}', '{"c":{}}']);
  });

  it('says what to take out, whether a comma goes before or after', () => {
    const cuts = (text: string): string[] =>
      (walkPath(text, parsePath('a'))[0]?.cuts ?? []).map(([start, end]) => text.slice(start, end));
    expect(cuts('{"a":1,"b":2}')).toEqual(['"a":1,']);
    expect(cuts('{"b":2 ,"a":{} }')).toEqual([' ,"a":{}']);
    expect(cuts('{"a":1,"a":[2],"b":3,"a":4}')).toEqual(['"a":1,', '"a":[2],', ',"a":4']);
    expect(cuts('{ "a":[] }')).toEqual(['"a":[]']);
    expect(cuts('{"b":1}')).toEqual([]);
  });
});
