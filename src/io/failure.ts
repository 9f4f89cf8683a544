import type { FailureReason } from '../core/delivery/delivery.js';
import { isError, messageOf } from '../core/errors.js';
import type { Server } from './target.js';

/** Why there was no answer, for a script and for a person. */
export interface Failure {
  readonly reason: FailureReason;
  /** A sentence that names host and port. */
  readonly message: string;
}

/** Host and port for a sentence: `localhost:3000`, `[::1]:80`. */
export function placeOf(server: Server): string {
  return `${server.hostname.includes(':') ? `[${server.hostname}]` : server.hostname}:${server.port}`;
}

const TLS =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO$|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_|CRL_|PATH_LENGTH)/;
const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);

/**
 * Says what an error of the network means.
 *
 * @param answering true where the answer had begun when it happened.
 * @param trustFlags true where the command takes `--ca` and `--insecure`: they are named where a certificate is refused.
 */
export function explainFailure(error: unknown, server: Server, answering: boolean, trustFlags = false): Failure {
  const place = placeOf(server);
  const codes = codesOf(error);
  const code = codes[0] ?? '';
  // localhost is tried at two addresses: where one refuses, that is the news, whatever the other said.
  if (codes.includes('ECONNREFUSED')) return { reason: 'refused', message: `Nothing listens on ${place} (connection refused).` };
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return { reason: 'dns', message: dnsMessage(code, server.hostname) };
  if (code === 'ETIMEDOUT') return { reason: 'timeout', message: `${place} accepted no connection in time (${code}).` };
  if (UNREACHABLE.has(code)) return { reason: 'refused', message: `${place} cannot be reached (${code}).` };
  if (TLS.test(code)) return { reason: 'tls', message: tlsMessage(code, error, server, trustFlags) };
  if (code === 'ECONNRESET' && messageOf(error).includes('before secure TLS connection')) {
    return { reason: 'tls', message: `${place} hung up during the TLS handshake. ${plainHint(server)}` };
  }
  if (isError(error) && error.name === 'AnswerError') return notHttp(error, server);
  if (code === 'ANSWER_HEADERS_TOO_LARGE') {
    return { reason: 'reset', message: `The headers of the answer of ${place} are too large.` };
  }
  if (code === 'REQUEST_GIVEN_UP') {
    return { reason: 'aborted', message: `The request to ${place} was given up.` };
  }
  const message = answering
    ? `${place} closed the connection in the middle of its answer.`
    : `${place} closed the connection without an answer.`;
  return { reason: 'reset', message };
}

/** The codes of an error, of those it gathers (one for each address that was tried) and of its causes. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at: unknown = error, depth = 0; isError(at) && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code);
    if ('errors' in at && Array.isArray(at.errors)) for (const each of at.errors) codes.push(...codesOf(each));
  }
  return codes;
}

function dnsMessage(code: string, hostname: string): string {
  return code === 'ENOTFOUND'
    ? `There is no host named ${hostname} (${code}).`
    : `The name ${hostname} cannot be looked up just now (${code}); is the network up?`;
}

function tlsMessage(code: string, error: unknown, server: Server, trustFlags: boolean): string {
  const place = placeOf(server);
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return `${place} does not answer in TLS. ${plainHint(server)}`;
  }
  const takeAny = trustFlags ? ' Take it all the same: --insecure.' : '';
  const certificate = `The certificate of ${place}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${certificate} is for another host name (${code}).${takeAny}`;
  if (code === 'CERT_HAS_EXPIRED') return `${certificate} has expired (${code}).${takeAny}`;
  if (code === 'CERT_NOT_YET_VALID') return `${certificate} is not valid yet (${code}).${takeAny}`;
  if (/^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)) {
    // Node reads the variable itself, whatever the command.
    const trust = trustFlags ? 'Trust it: --ca <file>; or take any: --insecure.' : 'Trust it: NODE_EXTRA_CA_CERTS=<file>.';
    return `${certificate} is not trusted (${code}). ${trust}`;
  }
  return `TLS with ${place} failed (${code}${/^[\x20-\x7e]{1,120}$/.test(messageOf(error)) ? `: ${messageOf(error)}` : ''}).`;
}

function plainHint(server: Server): string {
  return `If it speaks plain HTTP, use http://${placeOf(server)}.`;
}

function notHttp(error: unknown, server: Server): Failure {
  const place = placeOf(server);
  const data = isError(error) && 'data' in error && typeof error.data === 'string' ? error.data : '';
  // A TLS alert record: the server was asked in plain text and wants TLS.
  if (data.startsWith('\x15\x03')) return { reason: 'tls', message: `${place} speaks TLS: use https://${place}.` };
  return { reason: 'reset', message: `${place} sent something that is not an HTTP/1.1 answer.` };
}
