/**
 * What gosmee saved (`gosmee client --saveDir`): a shell script that sends a request with curl, and beside it the body
 * (https://github.com/chmouel/gosmee, templates/replay_script.tmpl.bash).
 */
import { isHeaderName, isHeaderValue, textToHeader } from '../http/headers.js';
import { type HttpRequest, isRequestTarget } from '../http/message.js';

/** Such a script; `body` is the name of the file beside it. */
export interface GosmeeScript {
  readonly request: Omit<HttpRequest, 'body'>;
  readonly body: string;
}

/** Reads such a script; null where it is another one. It is read, never run. */
export function readGosmeeScript(script: string): GosmeeScript | null {
  const command = /^curl .*$/m.exec(script)?.[0];
  const body = /(?:^| )-d @\.\/([^ /\\]+)(?: |$)/.exec(command ?? '')?.[1];
  const target = /^targetURL="(https?:\/\/[^"]*)"$/m.exec(script)?.[1];
  if (command === undefined || body === undefined || target === undefined) return null;
  const headers: Array<readonly [string, string]> = [];
  // It quotes what a header holds with nothing but these, whatever stands between them.
  for (const [, double, single] of command.matchAll(/-H (?:"([^"]*)"|'((?:(?!' -[A-Za-z]).)*)')/g)) {
    const [, name = '', text = ''] = /^([^:]+): ?(.*)$/.exec(double ?? single ?? '') ?? [];
    const value = textToHeader(text.trim());
    if (isHeaderName(name) && isHeaderValue(value) && value !== '') headers.push([name, value]);
  }
  const given = /^https?:\/\/[^/?#]*([^#]*)/i.exec(target)?.[1] ?? '';
  const path = given.startsWith('/') ? given : `/${given}`;
  return isRequestTarget(path) ? { request: { method: 'POST', path, headers }, body } : null;
}
