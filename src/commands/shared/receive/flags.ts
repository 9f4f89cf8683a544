import type { Command } from 'commander';
import type { SecretFlags } from '../session.js';
import { type CommonFlags, collect, SECRET, SECRET_FILE } from '../verb.js';
import type { AnswerFlags } from './answer.js';
import type { RoutingFlags } from './routing.js';
import type { TlsFlags } from './tls.js';
import type { TunnelFlags } from './tunnel.js';

/** What every command that receives can be told. */
export interface ReceiveFlags extends CommonFlags, SecretFlags, RoutingFlags, AnswerFlags, TunnelFlags, TlsFlags {
  readonly port?: string;
  readonly host?: string;
  readonly path?: string;
  readonly provider?: string;
  readonly tolerance?: string;
  readonly allowInvalid?: boolean;
  readonly maxBody?: string;
  readonly events?: string;
  readonly timeout?: string;
  readonly ordered?: boolean;
  readonly concurrency?: string;
  readonly header?: readonly string[];
  readonly delay?: string;
  readonly fail?: string;
  readonly challenges: boolean;
  readonly verifyToken?: readonly string[];
  readonly confirm?: boolean;
  readonly fetchCertificate?: boolean;
  readonly queue?: boolean;
  readonly retry?: string;
  readonly save: boolean;
  readonly print?: string;
  readonly exitAfter?: string;
  readonly expect?: string;
  readonly assertValid?: boolean;
  readonly for?: string;
}

/** Adds the options behind `ReceiveFlags`. */
export function receiveOptions(command: Command): Command {
  return command
    .optionsGroup('Listening:')
    .option('-p, --port <n>', 'port to listen on; 0: any free one (4400)')
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--path <path>', 'only this path; others get 404')
    .option('--max-body <size>', 'beyond it 413 (25mb)')
    .option('--listen-https', 'listen with TLS, with a certificate made for the occasion')
    .option('--cert <file>', 'listen with TLS, with this certificate (PEM)')
    .option('--key <file>', 'its private key (PEM)')
    .optionsGroup('Verifying:')
    .option(...SECRET)
    .option(...SECRET_FILE)
    .option('--provider <name>', 'who sends; else told from the headers')
    .option('--tolerance <duration>', "how far a timestamp may be off, in place of the provider's own")
    .option('--fetch-certificate', "fetch the certificate a delivery names, from the provider's own hosts only (SNS, PayPal)")
    .option('--allow-invalid', 'answer and forward even what fails verification')
    .option('--no-challenges', 'take challenges for events: do not answer them here')
    .option('--verify-token <token>', 'the token agreed on with Meta for its challenge (repeatable)', collect)
    .option('--confirm', 'visit the address that confirms an Amazon SNS subscription')
    .optionsGroup('Forwarding:')
    .option('-f, --forward-to <url>', "hand deliveries on; the sender gets the first target's answer (repeatable)", collect)
    .option('--route <pattern=url>', 'hand only these events on there; the first match wins (repeatable)', collect)
    .option('--events <patterns>', "show and forward only these: 'order.*,!order.updated'; all are kept")
    .option('--timeout <duration>', "how long to wait for a target (the provider's own, else 10s)")
    .option('--ordered', 'forward one at a time, in the order of arrival')
    .option('--concurrency <n>', 'forward so many at once (64)')
    .option('-H, --header <line>', 'replace or add a header on what is forwarded (repeatable)', collect)
    .option('--queue', 'while a target is down answer 202, keep, and hand on in order once it is back')
    .option(
      '--retry <n|schedule>',
      'hand on again after an answer that is not 2xx: 3, or 1s,5s,30s; without --queue only while the sender waits',
    )
    .option('--insecure', "take any certificate of a target's")
    .option('--ca <file>', 'trust the certificates signed with this one, too (PEM)')
    .optionsGroup('Answering:')
    .option('--respond <status>', 'the status to answer with where nothing is forwarded to (200)')
    .option('--respond-body <text|@file>', 'the body to answer with')
    .option('--delay <duration>', 'wait before each answer')
    .option('--fail <n|p%>', 'make the first n, or p%, fail with 503')
    .optionsGroup('Public URL:')
    .option('--tunnel [driver]', 'get a public URL: localtunnel, cloudflared, ngrok, ssh, smee, command (webhook tunnels)')
    .option('--tunnel-host <host>', "the tunnel's server, ssh host or channel")
    .option('--subdomain <name>', 'the name to ask for in the public URL')
    .option('--tunnel-command <command>', 'a command that opens a tunnel to {port} or {url} and prints its URL')
    .option('--tunnel-pattern <regex>', 'what finds the URL in its output')
    .option('--public-url <url>', 'the URL the provider was given, for schemes that sign it')
    .option('--probe <duration>', 'how soon to notice that the public URL leads here no more (10s)')
    .option('--copy', 'copy the public URL to the clipboard')
    .option('--qr', 'show it as a QR code')
    .option('--notify <command>', 'run this at the start and when the public URL changes, with it in WEBHOOK_PUBLIC_URL')
    .optionsGroup('Showing and keeping:')
    .option('--print <parts>', 'under each line: headers, body, response, or none (body)')
    .option('--no-save', 'keep nothing')
    .optionsGroup('Ending and asserting:')
    .option('--exit-after <n>', 'end after so many deliveries')
    .option('--for <duration>', 'end after so long')
    .option('--expect <events>', "what is to arrive: 'order.created x2, order.shipped'; ends once it has, else exit 4")
    .option('--assert-valid', 'exit 4 unless every delivery was valid');
}
