/** Remote forwarding (`ssh -R`) to a service that gives a URL for it, or to a host of the user's own, which gives a port. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WebhookError } from '../../core/errors.js';
import type { OpenRequest, Tunnel, TunnelDriver } from './driver.js';
import { checkProgram, needProgram, openProgram, urlIn } from './program.js';

interface Service {
  /** `[user@]host`, and a port where it is not 22. */
  readonly destination: readonly string[];
  /** What is forwarded there; the service ignores it, or takes it for a number of the tunnel. */
  readonly remotePort: number;
  find(line: string): string | null;
}

/** Services known by name. What they print is theirs to change; what is here is from their documentation. */
const SERVICES: Readonly<Record<string, Service>> = {
  // https://localhost.run/docs/ : `abc.lhr.life tunneled with tls termination, https://abc.lhr.life`
  'localhost.run': {
    destination: ['nokey@localhost.run'],
    remotePort: 80,
    find: (line) => (/tunneled with tls termination/.test(line) ? urlIn(line) : null),
  },
  // https://docs.srv.us/ : `1: https://abc.srv.us/`; the name belongs to the key.
  'srv.us': { destination: ['srv.us'], remotePort: 1, find: (line) => /https:\/\/[a-z0-9-]+\.srv\.us\b/.exec(line)?.[0] ?? null },
  // https://pinggy.io/docs/ : two lines, http and https, of the same host; others lead to its own pages.
  pinggy: {
    destination: ['-p', '443', 'free.pinggy.io'],
    remotePort: 0,
    find: (line) =>
      /https:\/\/[a-z0-9.-]+\.(free\.pinggy\.link|pinggy-free\.link|free\.pinggy\.net|pinggy\.link|pinggy\.online)\b/.exec(
        line,
      )?.[0] ?? null,
  },
};

const DESTINATION = /^(?:([\w.-]+)@)?(\[[0-9a-fA-F:.]+\]|[\w.-]+?)(?::(\d{1,5}))?$/;

const OPTIONS = [
  ['ExitOnForwardFailure', 'yes'],
  // Two that go unanswered, and ssh ends.
  ['ServerAliveInterval', '10'],
  ['ServerAliveCountMax', '2'],
  ['ConnectTimeout', '10'],
  ['StrictHostKeyChecking', 'accept-new'],
  // Nobody is there to be asked.
  ['BatchMode', 'yes'],
].flatMap(([name, value]) => ['-o', `${name}=${value}`]);

const HINT = 'Try the same by hand to see what is wrong: ssh';

export const ssh: TunnelDriver = {
  check: ({ env }) => checkProgram('ssh', env),

  async open(request) {
    const file = await needProgram('ssh', request.env, 'Install OpenSSH');
    if (request.subdomain !== null) {
      throw new WebhookError('usage', '--subdomain is nothing that ssh can ask for.', { hint: 'Leave it out.' });
    }
    const name = request.server ?? 'localhost.run';
    const service = SERVICES[name];
    return service === undefined ? openOwnHost(file, name, request) : openService(file, name, service, request);
  },
};

function openService(file: string, name: string, service: Service, request: OpenRequest): Promise<Tunnel> {
  return openProgram(
    {
      run: { file, args: [...OPTIONS, '-T', '-R', `${service.remotePort}:${request.local.authority}`, ...service.destination] },
      find: service.find,
      explain: (line) => explain(line, name),
      name: `ssh to ${name}`,
      hint: `${HINT} -R ${service.remotePort}:${request.local.authority} ${service.destination.join(' ')}`,
    },
    request,
  );
}

async function openOwnHost(file: string, text: string, request: OpenRequest): Promise<Tunnel> {
  const match = DESTINATION.exec(text);
  const [, user, host, port] = match ?? [];
  if (host === undefined) {
    throw new WebhookError('usage', `'${text}' is not a host that ssh could connect to.`, {
      hint: `Write it like me@example.com:22, or name one of ${Object.keys(SERVICES).join(', ')}.`,
    });
  }
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const destination = [...(port === undefined ? [] : ['-p', port]), '--', user === undefined ? bare : `${user}@${bare}`];
  const publicHost = await realName(file, destination, request);
  const asked = request.again === null ? 0 : Number(new URL(request.again.url).port || 0);
  const open = (remotePort: number): Promise<Tunnel> =>
    openProgram(
      {
        // Only in its debug messages does ssh say that a port of our choice is ours.
        run: { file, args: [...OPTIONS, '-v', '-N', '-T', '-R', `*:${remotePort}:${request.local.authority}`, ...destination] },
        find: (line) => {
          const got =
            /^Allocated port (\d+) for remote forward|^debug1: remote forward success for: listen (?:\S+:)?([1-9]\d*),/.exec(
              line,
            );
          const given = got?.[1] ?? got?.[2];
          return given === undefined ? null : `http://${publicHost.includes(':') ? `[${publicHost}]` : publicHost}:${given}`;
        },
        skip: (line) => /^(debug\d:|OpenSSH_|Authenticated to |Transferred: |Bytes per second: )/.test(line),
        explain: (line) => explain(line, text),
        name: `ssh to ${text}`,
        hint: `${HINT} -N -R 0:${request.local.authority} ${destination.join(' ')}`,
      },
      request,
    );
  if (asked === 0) return open(0);
  // Its port may still be held by the connection that was lost, until the server notices.
  return open(asked).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    return open(0);
  });
}

/** The host behind an alias of the user's ssh config. */
async function realName(file: string, destination: readonly string[], { env, cwd }: OpenRequest): Promise<string> {
  const fallback = destination.at(-1)?.replace(/^.*@/, '') ?? '';
  const { stdout } = await promisify(execFile)(file, ['-G', ...destination], { env: { ...env }, cwd }).catch(() => ({
    stdout: '',
  }));
  return /^hostname (\S+)$/m.exec(stdout)?.[1] ?? fallback;
}

function explain(line: string, name: string): WebhookError | null {
  if (/Permission denied \(/.test(line)) {
    return new WebhookError('tunnel_unavailable', `${name} does not take your SSH key (${line.trim()}).`, {
      hint: 'It needs a key without a passphrase, or one in your ssh-agent. Make one with: ssh-keygen',
    });
  }
  if (/Host key verification failed/.test(line)) {
    return new WebhookError('tunnel_unavailable', `The host key of ${name} is not the one that is known.`, {
      hint: 'If it was changed on purpose, remove the old one with: ssh-keygen -R <host>',
    });
  }
  return null;
}
