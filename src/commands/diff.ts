import { relative } from 'node:path';
import type { Delivery } from '../core/delivery/delivery.js';
import { bodyDifferences, type Message } from '../core/diff/body.js';
import { type CompareOptions, expectedIn, requestDifferences } from '../core/diff/delivery.js';
import { isReal } from '../core/diff/model.js';
import { shapeDifferences } from '../core/diff/shape.js';
import { WebhookError } from '../core/errors.js';
import { parsePattern } from '../core/events/path-pattern.js';
import { sampleHeaders } from '../core/events/sample.js';
import { replaceHeaders } from '../core/http/headers.js';
import type { HttpRequest } from '../core/http/message.js';
import { decodeContent } from '../render/content.js';
import type { DiffReport } from '../render/renderer.js';
import { openSession, requireProvider, type Session } from './shared/session.js';
import { openSource } from './shared/source.js';
import { type CommonFlags, collect, examples, type Verb, verb } from './shared/verb.js';

interface DiffFlags extends CommonFlags {
  readonly bytes?: boolean;
  /** True: that of the delivery's own event. */
  readonly fixture?: string | true;
  readonly values?: boolean;
  readonly ignore?: readonly string[];
  readonly provider?: string;
  readonly exitCode?: boolean;
}

export const diff: Verb = verb<DiffFlags>({
  define: (command) =>
    command
      .argument('[delivery...]', 'two of them: ids or unique prefixes of ids, last, last:2, or files')
      .option('--bytes', 'compare the bodies byte by byte, whatever they say')
      .option('--fixture [event]', "compare one delivery's structure with the sample of its event")
      .option('--values', 'with --fixture: compare values too')
      .option('--ignore <path>', 'leave out what is at this path of the body: data.items[*].id (repeatable)', collect)
      .option('--provider <name>', 'who sent it, where that was not told from the headers')
      .option('--exit-code', 'end with 4 where they differ in more than spelling and what is expected')
      .addHelpText(
        'after',
        examples(
          ['webhook diff last:2', 'the two newest deliveries; order of members, spelling of numbers and the like do not count'],
          ['webhook diff 01JD3V recorded.json --bytes', 'a kept delivery and a file, to the byte'],
          ['webhook diff last --fixture --exit-code', 'has the payload drifted from the sample?'],
        ),
      ),

  async run(context, given, words) {
    const { flags, args } = wordAfterFixture(given, words);
    const session = await openSession(context, flags);
    const { renderer } = session;
    const options: CompareOptions = { asBytes: flags.bytes === true, ignore: (flags.ignore ?? []).map(parsePattern) };
    const report = await (flags.fixture === undefined ? twoDeliveries : withFixture)(session, flags, args, options);
    renderer.diff(report);
    await renderer.flush();
    const { list, more } = report.differences;
    return flags.exitCode && (more > 0 || list.some(isReal)) ? 4 : 0;
  },
});

/** `--fixture last`: what stands right behind it is no event where nothing else names a delivery. */
function wordAfterFixture(flags: DiffFlags, args: readonly string[]): { flags: DiffFlags; args: readonly string[] } {
  if (typeof flags.fixture !== 'string' || args.length > 0) return { flags, args };
  return { flags: { ...flags, fixture: true }, args: [flags.fixture] };
}

async function twoDeliveries(
  session: Session,
  flags: DiffFlags,
  args: readonly string[],
  options: CompareOptions,
): Promise<DiffReport> {
  if (flags.values) throw new WebhookError('usage', '--values says what to compare with --fixture.');
  const [before, after, more] = await deliveriesOf(session, args, 3);
  if (before === undefined || after === undefined || more !== undefined) {
    throw new WebhookError(
      'usage',
      `Two deliveries are compared, and ${before && after ? 'more than two were' : before ? 'one was' : 'none was'} named.`,
      {
        hint: 'Name two: webhook diff 01JD3V last; or one with its sample: webhook diff last --fixture',
      },
    );
  }
  const provider = await session.provider(flags.provider ?? before.provider ?? after.provider ?? undefined);
  return {
    before: titleOf(before),
    after: titleOf(after),
    differences: requestDifferences(readable(before.request, options), readable(after.request, options), provider, options),
    same:
      Buffer.compare(before.request.body, after.request.body) === 0
        ? 'They are the same: request line, headers and every byte of the body.'
        : 'They say the same; only how the bodies are compressed differs.',
  };
}

async function withFixture(
  session: Session,
  flags: DiffFlags,
  args: readonly string[],
  options: CompareOptions,
): Promise<DiffReport> {
  if (flags.bytes) throw new WebhookError('usage', '--bytes compares two deliveries; with --fixture, --values compares values.');
  const [delivery, more] = await deliveriesOf(session, args, 2);
  if (delivery === undefined || more !== undefined) {
    throw new WebhookError('usage', `One delivery is compared with its sample, and ${more ? 'more were' : 'none was'} named.`);
  }
  const provider = requireProvider(await session.provider(flags.provider ?? delivery.provider ?? undefined));
  const event = typeof flags.fixture === 'string' ? flags.fixture : delivery.event;
  if (event === null) {
    throw new WebhookError('usage', 'It is not known which event this is.', { hint: 'Name it: --fixture order.created' });
  }
  const { readFixture } = await import('../io/fixtures.js');
  const { sample, path, builtin } = await readFixture(provider.name, event, { projectDir: session.config.fixtures });
  const own = sampleHeaders(sample, provider.contentType);
  const request = readable(delivery.request, options);
  const message: Message = { headers: replaceHeaders([['Content-Type', provider.contentType]], own), body: sample.body };
  return {
    before: builtin ? `the built-in sample of ${provider.name}/${event}` : relative(session.context.cwd, path),
    after: titleOf(delivery),
    differences: flags.values
      ? bodyDifferences(message, request, { ...options, expected: expectedIn(provider) })
      : shapeDifferences(message, request),
    same: flags.values ? 'Every value is as in the sample.' : 'The structure is that of the sample.',
  };
}

/** With its content encodings undone, as far as that can be: what is compressed says nothing. */
function readable(request: HttpRequest, { asBytes }: CompareOptions): HttpRequest {
  return asBytes ? request : { ...request, body: decodeContent(request.headers, request.body).bytes };
}

/** The deliveries that the arguments name, in their order; of very many only so many are read. */
async function deliveriesOf(session: Session, args: readonly string[], most: number): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (const arg of args) {
    const source = await openSource(session, {}, [arg]);
    try {
      for await (const delivery of source.deliveries()) {
        found.push(delivery);
        if (found.length === most) return found;
      }
    } finally {
      await source.close();
    }
  }
  return found;
}

function titleOf({ id, event, receivedAt }: Delivery): string {
  return [id, event, new Date(receivedAt).toISOString()].filter((part) => part !== null).join('  ');
}
