import { execFile, spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curlCommand, curlCommandTo } from '../../../src/core/delivery/curl.js';
import { type HeaderList, headersFromRaw, headerValue, withoutHeaders } from '../../../src/core/http/headers.js';
import type { OutgoingRequest } from '../../../src/core/http/message.js';

const request = (parts: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'POST',
  url: 'http://localhost:3000/hooks',
  headers: [['Content-Type', 'application/json']],
  body: Buffer.from('{"a":"it\'s"}'),
  ...parts,
});

describe('curlCommandTo', () => {
  it('has the URL’s Host in place of the one that was received', () => {
    const { url, ...received } = request({
      headers: [
        ['Host', 'localhost:4400'],
        ['X-A', 'b'],
      ],
    });
    expect(curlCommandTo(url, { ...received, path: '/hooks' })).toBe(curlCommand(request({ headers: [['X-A', 'b']] })));
  });
});

describe('curlCommand', () => {
  it('is pleasant to read', () => {
    expect(curlCommand(request())).toBe(
      [
        "curl -X POST 'http://localhost:3000/hooks' \\",
        "  -H 'Content-Type: application/json' \\",
        "  -H 'Accept:' -H 'User-Agent:' -H 'Expect:' \\",
        `  --data-binary '{"a":"it'\\''s"}'`,
      ].join('\n'),
    );
  });

  it('holds no byte that a terminal would obey or hide', () => {
    const hostile = request({
      url: 'http://localhost/\x1b[2J\u202e',
      headers: [['X', '\x9b2J\t\xff']],
      body: Buffer.from('\x1b[2J\u202e\u200b\u2028\r\t\0'),
    });
    expect(curlCommand(hostile)).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

const curl = spawnSync('curl', ['--version']).status === 0 && spawnSync('sh', ['-c', ':']).status === 0;
if (!curl) console.warn('SKIPPED: curl or sh is not here, so that curl commands were not run.');

describe.skipIf(!curl)('curlCommand, run by sh', () => {
  let server: Server;
  let origin: string;
  const requests: Array<{ method: string; path: string; headers: HeaderList; body: Buffer }> = [];

  beforeAll(async () => {
    server = createServer(async (incoming: IncomingMessage, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      requests.push({
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: headersFromRaw(incoming.rawHeaders),
        body: Buffer.concat(chunks),
      });
      answer.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const run = async (command: string): Promise<void> => {
    const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
    await new Promise<void>((resolve, reject) => {
      const child = execFile('sh', ['-s'], { env }, (error, _, stderr) => (error ? reject(new Error(stderr)) : resolve()));
      child.stdin?.end(command);
    });
  };

  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const everyHeaderByte = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
    .filter((char) => char === '\t' || (char >= ' ' && char !== '\x7f'))
    .join('');

  const cases: ReadonlyArray<[name: string, parts: Partial<OutgoingRequest>, path?: string]> = [
    ['JSON', {}],
    ['quotes, dollars, backticks and newlines', { body: Buffer.from('it\'s "$HOME" `id` \\n %s %% !x\nend\n\n') }],
    ['every byte', { body: everyByte }],
    ['every byte, twice over and CRLF', { body: Buffer.concat([everyByte, Buffer.from('\r\n1234567'), everyByte]) }],
    ['a body that begins with @', { body: Buffer.from('@/etc/hostname') }],
    ['a binary body that begins with a dash', { body: Buffer.from('-n\0') }],
    ['a text that begins with a dash', { body: Buffer.from('-n') }],
    ['octal-looking text after a binary byte', { body: Buffer.from('\x0112\\061%d') }],
    ['byte order mark and emoji', { body: Buffer.from('\ufeff{"a":"é😀\u200d"}') }],
    ['bytes that are not UTF-8', { body: Buffer.from([0x7b, 0xff, 0xc3, 0x28, 0x7d]) }],
    ['an empty body', { body: new Uint8Array() }],
    ['two megabytes of text', { body: Buffer.from('{"a":"it\'s %s"}\n'.repeat(130_000)) }],
    ['two hundred kilobytes of bytes', { body: Buffer.concat(Array.from({ length: 800 }, () => everyByte)) }],
    ['no headers at all', { headers: [] }],
    [
      'headers twice, in odd case, with empty values',
      {
        headers: [
          ['x-A', '1'],
          ['X-a', '2'],
          ['X-Empty', ''],
          ['user-agent', 'me/1'],
          ['ACCEPT', '*/*'],
          ['x-A', '3'],
        ],
      },
    ],
    [
      'empty values of headers that curl knows',
      {
        headers: [
          ['Content-Type', ''],
          ['User-Agent', ''],
          ['Accept', ''],
        ],
      },
    ],
    [
      'every byte a header may hold',
      {
        headers: [
          ['X-Bytes', `-${everyHeaderByte.trim()}`],
          ['X-Utf8', 'voil\xc3\xa0'],
          ['X-Quote', "it's"],
        ],
      },
    ],
    ['names with odd characters', { headers: [["X!#$%&'*+.^_`|~", 'y']] }],
    ['GET without a body', { method: 'GET', body: new Uint8Array(), headers: [] }],
    ['GET with a body', { method: 'GET' }],
    ['a Host other than the URL’s', { headers: [['Host', 'shop.test'], ...request().headers] }],
    ['HEAD', { method: 'HEAD', body: new Uint8Array(), headers: [] }],
    ['DELETE', { method: 'DELETE', body: new Uint8Array() }],
    ['a path that curl would tidy up', {}, '/a/../b/./c?x=[1-3]&y={a,b}'],
    ['a path with quotes and blanks encoded', {}, "/it's?$x=%20%00&`id`"],
  ];

  it.each(cases.map(([name, parts, path = '/hooks?x=1']) => ({ name, parts, path })))(
    'sends the same request: $name',
    async ({ parts, path }) => {
      const sent = request({ ...parts, url: `${origin}${path}` });
      requests.length = 0;
      await run(curlCommand(sent));
      const own = headerValue(sent.headers, 'host') === null ? ['host', 'content-length'] : ['content-length'];
      expect(requests.length).toBe(1);
      const [received] = requests;
      expect(received?.method).toBe(sent.method);
      expect(received?.path).toBe(path);
      expect(withoutHeaders(received?.headers ?? [], own)).toEqual(withoutHeaders(sent.headers, own));
      expect(Buffer.compare(received?.body ?? Buffer.from('none'), sent.body)).toBe(0);
    },
  );

  it('encodes what is outside ASCII in a path', async () => {
    requests.length = 0;
    await run(curlCommand(request({ url: `${origin}/é 1?ü` })));
    expect(requests[0]?.path).toBe('/%C3%A9%201?%C3%BC');
  });
});
