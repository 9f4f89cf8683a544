import { join, resolve } from 'node:path';
import type { Context } from '../context.js';
import { WebhookError } from '../core/errors.js';
import type { Provider } from '../core/providers/model.js';
import { secretVariable } from '../core/providers/variable.js';
import { freshSecret, type KeyNeed, keyNeeds, spellPair } from '../core/signature/key-forms.js';
import { makeKeyPair } from '../io/keys.js';
import { openSession, requireProvider } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

interface KeysFlags extends CommonFlags {
  readonly output?: string;
  readonly force?: boolean;
}

/** One thing that was made: what it is for, its text, and the file it goes into. */
interface Part {
  readonly name: 'secret' | 'private' | 'public';
  readonly purpose: string;
  readonly text: string;
  readonly file: string;
}

export const keys: Verb = verb<KeysFlags>({
  define: (command) =>
    command
      .argument('[provider]', 'whose form they have; without it, the configured provider')
      .option('-o, --output <dir>', 'write them to files that only you can read, and print none of them')
      .option('--force', 'overwrite files that are there')
      .addHelpText(
        'after',
        examples(
          ['webhook keys stripe', 'a fresh signing secret, to be shared by trigger and your app'],
          ['webhook keys discord', 'a key pair: trigger signs with the private key, your app verifies with the public one'],
          ['webhook keys sns -o keys/', 'into keys/sns.key and keys/sns.pub'],
        ),
      ),

  async run(context, flags, [name]) {
    const session = await openSession(context, flags);
    const provider = requireProvider(await session.provider(name));
    const needs = keyNeeds(provider);
    if (needs.length === 0) {
      throw new WebhookError(
        'signing_impossible',
        `${provider.title} does not sign its deliveries, so there are no keys to make.`,
      );
    }
    const made: Array<readonly [KeyNeed, readonly Part[]]> = [];
    for (const need of needs) made.push([need, await make(provider, need, context)]);
    const folder = flags.output ?? null;
    if (folder !== null) {
      const parts = made.flatMap(([, parts]) => parts);
      await writeAll(parts, resolve(context.cwd, folder), flags.force ?? false);
    }
    for (const [need, parts] of made) {
      context.stdout.write(flags.json ? inJson(provider, need, parts, folder) : forPeople(need, parts, folder));
    }
    session.renderer.info(hintFor(provider, needs));
    await session.renderer.flush();
    return 0;
  },
});

async function make(provider: Provider, need: KeyNeed, context: Context): Promise<Part[]> {
  const base = need.scheme === null ? provider.name : `${provider.name}-${need.scheme.replace(/[^a-z0-9]+/gi, '-')}`;
  const { representative: scheme, pair: kind } = need;
  if (kind === null) {
    const text = freshSecret(provider, scheme, context.random);
    return [{ name: 'secret', purpose: 'signs and verifies', text, file: `${base}.secret` }];
  }
  const id = Buffer.from(context.random(9)).toString('hex').toUpperCase().slice(0, 17);
  const { privateKey, publicKey } = spellPair(scheme, await makeKeyPair(kind), id);
  return [
    { name: 'private', purpose: 'signs', text: privateKey, file: `${base}.key` },
    { name: 'public', purpose: 'verifies', text: publicKey, file: `${base}.pub` },
  ];
}

/** All of them or none, so that no half of a pair stands beside another's; readable by their owner only, whatever stood there before. */
async function writeAll(parts: readonly Part[], folder: string, force: boolean): Promise<void> {
  const { writeOutput } = await import('../io/files.js');
  const { rm } = await import('node:fs/promises');
  const written: string[] = [];
  try {
    for (const { text, file } of parts) {
      const path = join(folder, file);
      if (force) await rm(path, { force: true });
      await writeOutput(path, `${text}\n`, { mode: 0o600 });
      written.push(path);
    }
  } catch (error) {
    await Promise.all(written.map((path) => rm(path, { force: true })));
    throw error;
  }
}

function inJson({ name }: Provider, need: KeyNeed, parts: readonly Part[], folder: string | null): string {
  const kind = need.pair ?? 'secret';
  const values = Object.fromEntries(parts.map((part) => [part.name, part.text]));
  const made =
    folder === null ? values : { files: Object.fromEntries(parts.map((part) => [part.name, join(folder, part.file)])) };
  return `${JSON.stringify({ provider: name, scheme: need.scheme, kind, ...made })}\n`;
}

function forPeople(need: KeyNeed, parts: readonly Part[], folder: string | null): string {
  const scheme = need.scheme === null ? '' : ` of ${need.scheme}`;
  return parts
    .map(({ name, purpose, text, file }) => {
      const label = name === 'secret' ? 'secret' : `${name} key`;
      return folder === null
        ? `# ${label}${scheme}: ${purpose}\n${text}\n`
        : `${join(folder, file)}  ${label}${scheme}: ${purpose}\n`;
    })
    .join('');
}

function hintFor(provider: Provider, needs: readonly KeyNeed[]): string {
  const variable = secretVariable(provider.name);
  return needs.some(({ pair }) => pair !== null)
    ? `Sign: webhook trigger --provider ${provider.name} --secret-file <private key>. Verify: --secret-file <public key>, or ${variable}.`
    : `Put it into the environment as ${variable}, for webhook and for your app.`;
}
