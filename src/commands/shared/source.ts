/** The deliveries that a command is about: kept ones, or those in files. */
import type { Delivery } from '../../core/delivery/delivery.js';
import type { Selector } from '../../core/delivery/selector.js';
import { WebhookError } from '../../core/errors.js';
import { identified } from '../../core/providers/identify.js';
import type { Store } from '../../io/store/store.js';
import { knownProviders } from './detection.js';
import { isDeliveryFile } from './input.js';
import { isEverything, nothingSelected, type SelectionFlags, selectorOf } from './selection.js';
import type { Session } from './session.js';

export interface Source {
  /**
   * Oldest first, read as they are asked for; afresh each time.
   *
   * @param after Only those that stand behind this one (an id or a unique prefix); null: all.
   */
  deliveries(after?: string | null): AsyncIterable<Delivery>;
  /** Null: they are in files. */
  readonly kept: { readonly store: Store; readonly selector: Selector } | null;
  close(): Promise<void>;
}

export interface SourceOptions {
  /** What is meant where nothing narrows the selection; default: everything. */
  readonly unsaid?: () => Promise<Partial<Selector>>;
  /** Whether the store is written to. */
  readonly writes?: boolean;
}

/**
 * Opens what the arguments and flags name.
 *
 * @throws WebhookError `usage` where files and ids are mixed, or files and what selects kept deliveries.
 */
export async function openSource(
  session: Session,
  flags: SelectionFlags,
  args: readonly string[],
  options: SourceOptions = {},
): Promise<Source> {
  const { context } = session;
  const areFiles = args.map((arg) => isDeliveryFile(arg, context.cwd));
  const asked = selectorOf(areFiles.some(Boolean) ? [] : args, flags, context.now());
  if (areFiles.some(Boolean)) {
    if (!areFiles.every(Boolean)) throw new WebhookError('usage', 'Files and ids of kept deliveries cannot be mixed.');
    if (!isEverything(asked)) {
      throw new WebhookError('usage', 'What is in files is taken whole: flags that select are for kept deliveries.', {
        hint: 'Keep them first: webhook import <file…>',
      });
    }
    return fileSource(session, args);
  }
  const selector = isEverything(asked) && options.unsaid !== undefined ? { ...asked, ...(await options.unsaid()) } : asked;
  const store = await session.openStore({ mustExist: true, readOnly: options.writes !== true });
  return {
    deliveries: (after = null) => keptDeliveries(store, selector, after),
    kept: { store, selector },
    close: () => store.close(),
  };
}

async function* keptDeliveries(
  store: Store,
  selector: Selector,
  after: string | null,
): AsyncGenerator<Delivery, void, undefined> {
  let any = false;
  for (const delivery of store.select(selector, after === null ? null : store.resolve(after))) {
    any = true;
    yield delivery;
  }
  if (!any && after === null) throw nothingSelected(store, selector);
}

async function fileSource(session: Session, paths: readonly string[]): Promise<Source> {
  const { readDeliveries } = await import('../../io/delivery-files.js');
  const { context } = session;
  const providers = await knownProviders(session);
  async function* read(path: string): AsyncGenerator<Delivery, void, undefined> {
    for await (const { delivery, problem } of readDeliveries(path, context)) {
      if (delivery === null) throw problem;
      yield await identified(delivery, providers);
    }
  }
  // Each file is in order; among files, the one that begins first is first.
  const files: Array<{ path: string; begins: number }> = [];
  for (const path of paths) {
    for await (const { receivedAt } of read(path)) {
      files.push({ path, begins: receivedAt });
      break;
    }
  }
  files.sort((a, b) => a.begins - b.begins);
  return {
    async *deliveries(after = null) {
      let passed = after === null;
      for (const { path } of files) {
        for await (const delivery of read(path)) {
          if (passed) yield delivery;
          else passed = after !== null && delivery.id.replace(/^dlv_/, '').startsWith(after.replace(/^dlv_/, ''));
        }
      }
    },
    kept: null,
    close: async () => {},
  };
}
