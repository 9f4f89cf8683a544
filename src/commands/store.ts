import { WebhookError } from '../core/errors.js';
import { countDeliveries, formatSize, grouped } from '../core/units.js';
import type { CheckProgress, StoreInfo } from '../io/store/store.js';
import type { Fact } from '../render/renderer.js';
import { openSession } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

export const store: Verb = verb<CommonFlags>({
  define: (command) =>
    command
      .argument('[check]', "'check' reads all of it and says whether it is sound")
      .addHelpText(
        'after',
        examples(
          ['webhook store', 'where deliveries are kept, how many, of whom, and how much room they take'],
          ['webhook store check', 'whether every one of them can be read; exit code 2 where something is wrong'],
          ['webhook store --json', 'the same for a program'],
        ),
      ),

  async run(context, flags, [action, ...rest]) {
    if ((action !== undefined && action !== 'check') || rest.length > 0) {
      throw new WebhookError('usage', `There is no 'webhook store ${[action, ...rest].join(' ')}'.`, {
        hint: 'There is webhook store, and webhook store check.',
      });
    }
    const { renderer, openStore } = await openSession(context, flags);
    const opened = await openStore({ mustExist: true, readOnly: true });
    const progress = renderer.progress(action === undefined ? 'Counting' : 'Checking');
    try {
      const info = opened.info();
      if (action === undefined) {
        progress.done();
        renderer.facts(factsOf(info), recordOf(info));
        return 0;
      }
      const problems = opened.checkIntegrity((at) => progress.update(progressOf(at)));
      progress.done();
      const { path, deliveries } = info;
      const record = { type: 'check', path, ok: problems.length === 0, deliveries, problems };
      if (problems.length === 0) {
        renderer.facts([['Store', [`sound: ${countDeliveries(deliveries)}, all read`]]], record);
        return 0;
      }
      renderer.facts(
        [
          ['Store', ['damaged']],
          ['Found', problems],
        ],
        record,
      );
      throw new WebhookError('store_broken', `The store ${path} is damaged.`, {
        hint: 'Save what can be read, a part at a time (webhook export last:100 -o saved/, and --until for older ones); then move the file away, and import that into a new one.',
      });
    } finally {
      progress.done();
      await renderer.flush();
      await opened.close();
    }
  },
});

function progressOf(at: CheckProgress): string {
  switch (at.step) {
    case 'file':
      return 'Checking the file';
    case 'tables':
      return 'Checking that all parts of deliveries are there';
    case 'index':
      return `Checking the search index: ${grouped(at.done)} of ${grouped(at.total)}`;
    case 'deliveries':
      return `Reading deliveries: ${grouped(at.done)} of ${grouped(at.total)}`;
  }
}

function factsOf(info: StoreInfo): Fact[] {
  const { providers, verdicts, attempts, duplicates, queued, freeBytes } = info;
  const share = (name: string, count: number): string => `${grouped(count)} ${name}`;
  const free = freeBytes > 0 ? `, ${formatSize(freeBytes)} of it free` : '';
  const whole = [
    duplicates > 0 ? share('that repeat another', duplicates) : null,
    queued > 0 ? share('that wait for a target', queued) : null,
  ];
  const facts: Fact[] = [
    ['Path', [info.path]],
    ['Size', [`${formatSize(info.bytes)}${free}`]],
    ['Deliveries', [grouped(info.deliveries), ...whole.filter((part) => part !== null)]],
  ];
  if (info.oldest !== null && info.newest !== null) {
    facts.push(
      [
        'Verdicts',
        [
          [share('valid', verdicts.valid), share('not valid', verdicts.invalid), share('not checked', verdicts.unchecked)].join(
            ', ',
          ),
        ],
      ],
      ['Attempts', [grouped(attempts)]],
      ['Providers', providers.map(({ provider, deliveries }) => share(provider ?? '(not known)', deliveries))],
      ['Oldest', [new Date(info.oldest).toISOString()]],
      ['Newest', [new Date(info.newest).toISOString()]],
    );
  }
  facts.push(['Schema', [`version ${info.schemaVersion}`]]);
  return facts;
}

function recordOf({ oldest, newest, ...info }: StoreInfo): Readonly<Record<string, unknown>> {
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return { type: 'store', ...info, oldest: time(oldest), newest: time(newest) };
}
