import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../src/cli.js';
import { verbs } from '../src/commands/index.js';
import { temporaryFolder } from './support/folder.js';
import { invoke } from './support/invoke.js';
import { ndjson } from './support/running.js';

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])(
    '%j: every command, where to begin, within 80 columns; exit 0',
    async (args) => {
      const { code, stdout, stderr } = await invoke(args);
      expect([code, stderr]).toEqual([0, '']);
      for (const { name, summary } of verbs) expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    },
  );

  it.each(verbs.map(({ name }) => name))(
    '%s --help: what it does, every flag explained, two or three real examples; exit 0',
    async (name) => {
      const { code, stdout, stderr } = await invoke([name, '--help']);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`Usage: webhook ${name}`);
      const examples = stdout
        .slice(stdout.indexOf('\nExamples:\n'))
        .split('\n')
        .filter((line) => /^ {2}[^#\s]/.test(line));
      expect(examples.length).toBeGreaterThanOrEqual(2);
      for (const example of examples) expect(example).toMatch(new RegExp(`\\bwebhook ${name}\\b`));
      for (const flag of ['--json', '--config', '--store', '--no-color', '--quiet', '--debug', '--help'])
        expect(stdout).toContain(flag);
      // A flag whose explanation is missing has nothing after it, and its next line is another flag or the end.
      const bare = stdout
        .split('\n')
        .filter((line, index, lines) => /^ {2}-[^ ]+( |, --\S+ )?\S*$/.test(line) && !/^ {10}/.test(lines[index + 1] ?? ''));
      expect(bare).toEqual([]);
      expect(await invoke(['help', name])).toMatchObject({ code: 0, stdout });
    },
  );

  it.each([80, 120])('fits a terminal of %i columns', async (columns) => {
    for (const { name } of verbs) {
      const { stdout } = await invoke([name, '--help', '--no-color'], { columns });
      const wide = stdout
        .slice(0, stdout.indexOf('\nExamples:'))
        .split('\n')
        .filter((line) => line.length > columns);
      expect(wide).toEqual([]);
    }
  });
});

describe('what is said wrong', () => {
  it.each([
    [['lisen'], /There is no command 'lisen'.\n +Did you mean listen or list\?/],
    [['help', 'lisen'], /There is no command 'lisen'/],
    [['--bogus'], /'--bogus' needs a command/],
    [['list', '--bogus'], /Unknown option '--bogus'.\n +See: webhook list --help/],
    [['list', '--limt', '1'], /Unknown option '--limt'.\n +\(Did you mean --limit\?\)/],
    [['list', '--limit'], /argument missing/],
    [['events', 'a', 'b'], /Too many arguments/],
  ] as const)('%j: exit 2, a sentence and a next step', async (args, said) => {
    const { code, stdout, stderr } = await invoke(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .*[.?]\n( {7}\S.*\n)+$/);
    expect(stderr).toMatch(said);
  });

  it('is one object a line for a program, on stderr', async () => {
    const { code, stdout, stderr } = await invoke(['list', '--json', '--bogus']);
    expect([code, stdout]).toEqual([2, '']);
    expect(ndjson(stderr)).toEqual([
      { type: 'error', code: 'usage', message: "Unknown option '--bogus'.", hint: 'See: webhook list --help' },
    ]);
  });

  it('--debug adds the stack', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    expect((await invoke(['list'], { cwd })).stderr).not.toContain('    at ');
    expect((await invoke(['list', '--debug'], { cwd })).stderr).toContain('    at ');
  });

  it('what is not ours to explain is a bug: exit 1, and what to do', async () => {
    // A clock that breaks stands for whatever nobody thought of.
    const broken = await invoke(['trigger', 'connect2print/order.created', '--dry-run'], {
      now: () => {
        throw new TypeError('the clock is gone');
      },
    });
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/error: This is a bug in webhook \S+: the clock is gone\n +Run it again with --debug/);
  });
});

describe('the version', () => {
  it.each([['--version'], ['-V']])('%s', async (flag) => {
    expect(await invoke([flag])).toMatchObject({ code: 0, stdout: '0.0.0-test\n', stderr: '' });
  });
});

describe('options before the command', () => {
  it('are its own', async () => {
    const cwd = temporaryFolder({ 'other.json': '{"provider":"printone"}' });
    const { code, stdout } = await invoke(['--config', 'other.json', '--json', 'events'], { cwd });
    expect([code, ndjson(stdout)[0].provider]).toEqual([0, 'printone']);
  });
});

describe('the config', () => {
  const said = async (files: Record<string, string>, env: Record<string, string> = {}, args = ['events']): Promise<string> => {
    const { code, stdout, stderr } = await invoke(args, { cwd: temporaryFolder(files), env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .*[.?]\n( {7}\S.*\n)+$/);
    return stderr;
  };

  it('an unknown key names the file, the key and the nearest known one', async () => {
    const stderr = await said({ 'webhook.config.json': '{"provder":"printone"}' });
    expect(stderr).toMatch(/webhook\.config\.json.*"provder"[\s\S]*Did you mean 'provider'/);
    expect(await said({ 'package.json': '{"webhook":{"listen":{"prot":1}}}' })).toMatch(
      /package\.json.*"prot" in webhook\.listen[\s\S]*'port'/,
    );
  });

  it('a wrong type, text that is none, and a variable that is not set are told', async () => {
    expect(await said({ '.webhookrc.json': '{"listen":{"port":"many"}}' })).toMatch(/\.webhookrc\.json.*listen\.port/);
    expect(await said({ 'webhook.config.json': '{"provider":' })).toContain('webhook.config.json');
    expect(await said({ 'webhook.config.yaml': 'provider: [' })).toContain('webhook.config.yaml');
    expect(await said({ 'webhook.config.mjs': 'export default {' })).toContain('webhook.config.mjs');
    expect(await said({ 'webhook.config.json': `{"to":"\${APP_URL}"}` })).toMatch(/APP_URL/);
    expect(await said({}, {}, ['events', '--config', 'absent.json'])).toContain('absent.json');
    expect(await said({ 'webhook.config.json': '{"provider":"conect2print"}' })).toMatch(/conect2print[\s\S]*connect2print/);
  });

  it.each([
    ['webhook.config.js', 'module.exports = { provider: "printone" };'],
    ['webhook.config.cjs', 'module.exports = { provider: "printone" };'],
    ['webhook.config.mjs', 'export default { provider: "printone" };'],
    ['webhook.config.yaml', 'provider: printone\n'],
    ['.webhookrc', 'provider: printone\n'],
    ['.webhookrc.yml', 'provider: printone\n'],
    ['package.json', '{"webhook":{"provider":"printone"}}'],
  ])('is found as %s, from a folder below', async (name, content) => {
    const cwd = temporaryFolder({ [name]: content, 'below/file': '' });
    const { code, stdout } = await invoke(['events', '--json'], { cwd: `${cwd}/below` });
    expect([code, ndjson(stdout)[0].provider]).toEqual([0, 'printone']);
  });
});

it('the exit code says who has to do something', () => {
  expect([exitCodeOf('usage'), exitCodeOf('config_invalid'), exitCodeOf('store_broken')]).toEqual([2, 2, 2]);
  expect([exitCodeOf('target_unreachable'), exitCodeOf('expectation_failed'), exitCodeOf('interrupted')]).toEqual([4, 4, 130]);
});
