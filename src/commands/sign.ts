import { signRequest } from '../core/signature/sign.js';
import { readInput } from '../io/files.js';
import { createSpeaker } from '../render/create.js';
import { headerFlags } from './shared/headers.js';
import { openSession, requireProvider, type SecretFlags } from './shared/session.js';
import { freshId, parseTime } from './shared/time.js';
import { type CommonFlags, collect, examples, SECRET, SECRET_FILE, type Verb, verb } from './shared/verb.js';

interface SignFlags extends CommonFlags, SecretFlags {
  readonly provider?: string;
  readonly header?: readonly string[];
  readonly id?: string;
  readonly timestamp?: string;
  readonly url?: string;
  readonly method: string;
}

export const sign: Verb = verb<SignFlags>({
  define: (command) =>
    command
      .argument('<file>', "a file that holds the body, or '-' for standard input")
      .option(...SECRET)
      .option(...SECRET_FILE)
      .option('--provider <name>', 'whose scheme signs')
      .option('-H, --header <line>', 'a header the request has, where the scheme signs one (repeatable)', collect)
      .option('--id <id>', 'the id that is signed, where the scheme signs one')
      .option('--timestamp <time>', 'the time that is signed: ISO 8601, Unix seconds or milliseconds')
      .option('--url <url>', 'the URL that is signed, where the scheme signs it')
      .option('-X, --method <method>', 'the method that is signed, where the scheme signs it', 'POST')
      .addHelpText(
        'after',
        examples(
          ['webhook sign body.json --provider connect2print', 'the header for a saved body, secret from the environment'],
          [
            'webhook sign body.json --provider standard-webhooks --id msg_1 --timestamp 1614265330',
            'with an id and time of your own',
          ],
          ['printf %s "$BODY" | webhook sign - --provider printone --json', 'from a pipe, for a script'],
        ),
      ),

  async run(context, flags, [file]) {
    const session = await openSession(context, flags, createSpeaker);
    const provider = requireProvider(await session.provider(flags.provider));
    const secrets = await session.secrets(provider, flags);
    const body = await readInput(file as string, context);
    const given = headerFlags(flags.header);
    const signed = signRequest(provider, {
      headers: given,
      body,
      secrets,
      id: flags.id ?? freshId(provider, context),
      timestamp: flags.timestamp === undefined ? context.now() : parseTime(flags.timestamp, '--timestamp'),
      method: flags.method,
      url: flags.url ?? null,
    });
    session.renderer.signedHeaders(signed.headers);
    if (signed.edits.length > 0) {
      const places = signed.edits.map(([pointer]) => pointer).join(', ');
      session.renderer.info(`${provider.title} signs inside the body: set ${places} there (webhook trigger does).`);
    }
    await session.renderer.flush();
    return 0;
  },
});
