import { WebhookError } from '../../../core/errors.js';
import type { Session } from '../session.js';

export interface TlsFlags {
  readonly listenHttps?: boolean;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: boolean;
  readonly ca?: string;
}

/** Whether it is to listen with TLS. */
export function wantsTls({ listenHttps, cert, key }: TlsFlags): boolean {
  return listenHttps === true || cert !== undefined || key !== undefined;
}

/**
 * The certificate to listen with: the one that is given, or a fresh one; null: plain HTTP.
 *
 * @throws WebhookError `usage`, or `input_malformed` where the files do not hold a certificate and its key.
 */
export async function listenerTls(
  session: Session,
  flags: TlsFlags,
  host: string,
): Promise<{ cert: string; key: string } | null> {
  const { context, renderer } = session;
  if (!wantsTls(flags)) return null;
  if (flags.cert === undefined && flags.key === undefined) {
    const { makeCertificate } = await import('../../../io/certificate.js');
    const names = new Set(['localhost', '127.0.0.1', '::1', ...(/^[\w.:-]+$/.test(host) ? [host] : [])]);
    renderer.warning({
      code: 'self_signed',
      message: 'The certificate was made just now: a sender takes it only if it is told to (curl --insecure).',
      hint: 'Give one that is trusted with --cert and --key.',
    });
    return makeCertificate([...names], context.now(), context.random);
  }
  if (flags.cert === undefined || flags.key === undefined) {
    throw new WebhookError('usage', `A certificate needs its key: --${flags.cert === undefined ? 'cert' : 'key'} is missing.`);
  }
  const [cert, key] = await Promise.all([readText(session, flags.cert), readText(session, flags.key)]);
  const { createPrivateKey } = await import('node:crypto');
  const certificate = await readCertificate(cert, flags.cert);
  let fits: boolean;
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    throw new WebhookError('input_malformed', `${flags.key} holds no private key that can be read.`, {
      hint: 'It is PEM, without a passphrase.',
      cause: error,
    });
  }
  if (!fits)
    throw new WebhookError('input_malformed', `The key in ${flags.key} is not that of the certificate in ${flags.cert}.`);
  return { cert, key };
}

/** What a sender to targets trusts. */
export async function trustOf(session: Session, flags: TlsFlags): Promise<{ insecure: boolean; ca?: string; trustFlags: true }> {
  const trust = { insecure: flags.insecure ?? false, trustFlags: true } as const;
  if (flags.ca === undefined) return trust;
  const ca = await readText(session, flags.ca);
  await readCertificate(ca, flags.ca);
  return { ...trust, ca };
}

async function readText({ context }: Session, file: string): Promise<string> {
  const { readInput } = await import('../../../io/files.js');
  return Buffer.from(await readInput(file, context)).toString('utf8');
}

async function readCertificate(pem: string, file: string): Promise<import('node:crypto').X509Certificate> {
  const { X509Certificate } = await import('node:crypto');
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new WebhookError('input_malformed', `${file} holds no certificate that can be read.`, {
      hint: 'It is PEM.',
      cause: error,
    });
  }
}
