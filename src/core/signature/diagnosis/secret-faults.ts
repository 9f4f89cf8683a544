/** What people do to secrets when they copy them. */
import type { KeyForm, Provider, Scheme } from '../../providers/model.js';
import type { Subject, Trial } from './trial.js';

/** What looks like something else than a signing secret, by its first letters. */
const LOOK_ALIKES: ReadonlyArray<readonly [pattern: RegExp, what: string]> = [
  [/^we_/, 'the id of a webhook endpoint'],
  [/^(sk|rk)_(live|test)_/, 'an API key'],
  [/^pk_(live|test)_/, 'a publishable API key'],
  [/^c2p_(live|test)_/, 'a Connect2Print API key'],
  [/^(ghp|gho|ghs|github_pat)_/, 'a GitHub access token'],
  [/^xox[abp]-/, 'a Slack API token'],
  [/^shp(at|ca|pa)_/, 'a Shopify access token'],
  [/^https?:\/\//, 'a URL'],
];

/** Secrets that belong to someone else, by the name to say. */
export interface NamedSecret {
  readonly name: string;
  readonly secret: string;
}

export function* secretFaults({ provider, input }: Subject, others: readonly NamedSecret[]): Generator<Trial> {
  const each = (code: Trial['code'], change: (secret: string) => string, message: string, hint: string): Trial => ({
    code,
    message,
    hint,
    input: { secrets: input.secrets.map(change) },
  });
  const clean = 'Copy it again, whole and alone; write secret files with printf %s, not with echo.';
  yield each(
    'secret_whitespace',
    (secret) => secret.trim(),
    'The secret has white space around it that is not part of it.',
    clean,
  );
  yield each(
    'secret_whitespace',
    (secret) => `${secret}\n`,
    'The sender’s secret ends with a newline: its secret file has one.',
    clean,
  );
  yield each(
    'secret_whitespace',
    (secret) => `${secret}\r\n`,
    'The sender’s secret ends with CRLF: its secret file has it.',
    clean,
  );
  yield each(
    'secret_whitespace',
    (secret) => secret.replace(/^(["'])(.*)\1$/s, '$2'),
    'The secret has quotes around it that are not part of it.',
    clean,
  );

  const prefixes = new Set([
    ...provider.schemes.flatMap(({ keys }) => keys.flatMap(({ prefix }) => (prefix === undefined ? [] : [prefix]))),
    'whsec_',
    'v1,whsec_',
    'v1,',
  ]);
  const whole = 'Copy it whole: the prefix is part of some providers’ secrets, and a mark before others’.';
  for (const prefix of prefixes) {
    if (input.secrets.some((secret) => secret.startsWith(prefix))) {
      yield each(
        'secret_prefix',
        (secret) => withoutPrefix(secret, prefix),
        `The sender’s key is the secret without '${prefix}'.`,
        whole,
      );
    }
    yield each('secret_prefix', (secret) => prefix + secret, `The sender’s key is the secret with '${prefix}' before it.`, whole);
  }
  for (const [encoding, message] of READINGS) {
    for (const prefix of [undefined, 'whsec_']) {
      const form: KeyForm = prefix === undefined ? { encoding } : { encoding, prefix };
      yield {
        code: 'secret_decoding',
        message: `${message}${prefix === undefined ? '' : ` (after '${prefix}')`}.`,
        hint: 'See how the provider makes a key of its secret: webhook providers <name>.',
        provider: withSchemes(provider, (scheme) => ({ ...scheme, keys: [form] })),
      };
    }
  }
  for (const { name, secret } of others) {
    if (input.secrets.includes(secret)) continue;
    yield {
      code: 'other_secret',
      message: `It was signed with the secret of ${name}.`,
      hint: 'Use that secret here, or check which endpoint and which environment (test or live) it was sent for.',
      input: { secrets: [secret] },
    };
  }
}

const READINGS: ReadonlyArray<readonly [KeyForm['encoding'], string]> = [
  ['utf8', 'The sender uses the text of the secret as the key, without decoding it'],
  ['base64', 'The sender decodes the secret as base64 to get the key'],
  ['hex', 'The sender decodes the secret as hex to get the key'],
];

/** A secret that is of another kind altogether; there is nothing to recompute. */
export function notASigningSecret({ input }: Subject): Trial | null {
  for (const secret of input.secrets) {
    const found = LOOK_ALIKES.find(([pattern]) => pattern.test(secret));
    if (found === undefined) continue;
    return {
      code: 'not_a_signing_secret',
      message: `The secret looks like ${found[1]}, not like a signing secret.`,
      hint: 'The signing secret stands beside the webhook’s URL in the provider’s settings.',
    };
  }
  return null;
}

function withoutPrefix(secret: string, prefix: string): string {
  return secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
}

/** The provider with each scheme changed. */
export function withSchemes(provider: Provider, change: (scheme: Scheme) => Scheme): Provider {
  return { ...provider, schemes: provider.schemes.map(change) };
}
