import { describe, expect, it } from 'vitest';
import { explainFailure, placeOf } from '../../src/io/failure.js';
import { parseTarget } from '../../src/io/target.js';

const SERVER = parseTarget('https://example.com');

function coded(code: string, message = 'some words'): Error {
  return Object.assign(new Error(message), { code });
}

describe('explainFailure', () => {
  it.each([
    ['ECONNREFUSED', 'refused', 'Nothing listens on example.com:443 (connection refused).'],
    ['EHOSTUNREACH', 'refused', 'example.com:443 cannot be reached (EHOSTUNREACH).'],
    ['ETIMEDOUT', 'timeout', 'example.com:443 accepted no connection in time (ETIMEDOUT).'],
    ['ENOTFOUND', 'dns', 'There is no host named example.com (ENOTFOUND).'],
    ['EAI_AGAIN', 'dns', 'The name example.com cannot be looked up just now (EAI_AGAIN); is the network up?'],
    ['CERT_HAS_EXPIRED', 'tls', 'The certificate of example.com:443 has expired (CERT_HAS_EXPIRED).'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'tls',
      'The certificate of example.com:443 is for another host name (ERR_TLS_CERT_ALTNAME_INVALID).',
    ],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'tls',
      'The certificate of example.com:443 is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Trust it: NODE_EXTRA_CA_CERTS=<file>.',
    ],
    ['CERT_NOT_YET_VALID', 'tls', 'The certificate of example.com:443 is not valid yet (CERT_NOT_YET_VALID).'],
    ['CERT_REVOKED', 'tls', 'TLS with example.com:443 failed (CERT_REVOKED: some words).'],
    ['ECONNRESET', 'reset', 'example.com:443 closed the connection without an answer.'],
    ['EPIPE', 'reset', 'example.com:443 closed the connection without an answer.'],
    ['ELSE', 'reset', 'example.com:443 closed the connection without an answer.'],
    ['REQUEST_GIVEN_UP', 'aborted', 'The request to example.com:443 was given up.'],
  ])('%s is %s', (code, reason, message) => {
    expect(explainFailure(coded(code), SERVER, false)).toEqual({ reason, message });
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'Trust it: --ca <file>; or take any: --insecure.'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'Trust it: --ca <file>; or take any: --insecure.'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'Take it all the same: --insecure.'],
    ['CERT_HAS_EXPIRED', 'Take it all the same: --insecure.'],
    ['CERT_NOT_YET_VALID', 'Take it all the same: --insecure.'],
  ])('%s names the flags that take it, where there are such', (code, way) => {
    expect(explainFailure(coded(code), SERVER, false, true).message).toMatch(new RegExp(`\\(${code}\\)\\. ${way}$`));
    expect(explainFailure(coded(code), SERVER, false).message).not.toContain('--');
  });

  it('tells an answer cut short from none', () => {
    expect(explainFailure(coded('ECONNRESET'), SERVER, true).message).toContain('in the middle of its answer');
  });

  it('takes a refusal at one of several addresses for the news', () => {
    const both = new AggregateError([coded('EADDRNOTAVAIL'), coded('ECONNREFUSED')], 'all failed');
    expect(explainFailure(both, SERVER, false).reason).toBe('refused');
    expect(explainFailure(Object.assign(both, { code: 'EADDRNOTAVAIL' }), SERVER, false).message).toContain('Nothing listens');
    const away = new AggregateError([coded('ENETUNREACH'), coded('ETIMEDOUT')]);
    expect(explainFailure(away, SERVER, false)).toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('ENETUNREACH'),
    });
  });

  it('looks into causes, and survives what is no error', () => {
    expect(explainFailure(new Error('outer', { cause: coded('ENOTFOUND') }), SERVER, false).reason).toBe('dns');
    const loop = new Error('loop');
    loop.cause = loop;
    expect(explainFailure(loop, SERVER, false).reason).toBe('reset');
    expect(explainFailure('thrown text', SERVER, false).reason).toBe('reset');
  });

  it('does not pass control characters of an error on', () => {
    expect(explainFailure(coded('ERR_SSL_WEIRD', 'a\x1b[31mb'), SERVER, false).message).toBe(
      'TLS with example.com:443 failed (ERR_SSL_WEIRD).',
    );
  });
});

describe('placeOf', () => {
  it('has brackets for IPv6', () => {
    expect(placeOf(parseTarget('http://[::1]/'))).toBe('[::1]:80');
    expect(placeOf(parseTarget('localhost:3000'))).toBe('localhost:3000');
  });
});
