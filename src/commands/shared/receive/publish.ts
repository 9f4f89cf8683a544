/** Tells a public URL to whoever needs to know it: the clipboard, and a command of the user's. */
import { spawn } from 'node:child_process';
import type { Session } from '../session.js';

export interface PublishFlags {
  readonly copy?: boolean;
  readonly notify?: string;
}

export interface Publisher {
  /** @param before the URL that this one takes the place of; null: it is the first. */
  publish(url: string, before: string | null): void;
  /** Ends the command where it still runs. */
  close(): Promise<void>;
}

/** URLs are told one after the other, so that a command never runs twice at once. */
export function createPublisher(session: Session, { copy = false, notify }: PublishFlags): Publisher {
  const ending = new AbortController();
  let last: Promise<void> = Promise.resolve();
  const tell = async (url: string, before: string | null): Promise<void> => {
    await Promise.all([
      copy ? copyUrl(session, url) : null,
      notify === undefined || ending.signal.aborted ? null : run(session, notify, url, before, ending.signal),
    ]);
  };
  return {
    publish(url, before) {
      last = last.then(() => tell(url, before));
    },
    async close() {
      ending.abort();
      await last;
    },
  };
}

async function copyUrl({ context, renderer }: Session, url: string): Promise<void> {
  const { copySequence, copyText } = await import('../../../io/clipboard.js');
  if (await copyText(url, context.env)) renderer.info('The public URL is copied to the clipboard.');
  else if (context.stderr.isTTY === true && context.env.TERM !== 'dumb') {
    context.stderr.write(copySequence(url));
    renderer.info("The public URL was sent to the terminal's clipboard; not every one takes it.");
  } else renderer.warning({ code: 'not_copied', message: 'There is no clipboard here to copy the URL to.', hint: null });
}

function run(
  { context, renderer }: Session,
  line: string,
  url: string,
  before: string | null,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(line, {
      shell: true,
      cwd: context.cwd,
      env: { ...context.env, WEBHOOK_PUBLIC_URL: url, WEBHOOK_PREVIOUS_URL: before ?? '' },
      // With --json, stdout is ours alone; what it says goes where people read.
      stdio: ['ignore', 2, 2],
      windowsHide: true,
      signal,
    });
    const failed = (why: string): void => {
      if (!signal.aborted) renderer.warning({ code: 'notify_failed', message: `The command of --notify ${why}.`, hint: null });
      resolve();
    };
    child.on('error', (error) => failed(`could not be run: ${error.message}`));
    child.on('exit', (code, killedBy) => (code === 0 ? resolve() : failed(`ended with ${code ?? killedBy}`)));
  });
}
