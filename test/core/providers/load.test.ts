import { describe, expect, it } from 'vitest';
import { defineProvider } from '../../../src/core/providers/define.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import { loadProvider, loadProviders } from '../../../src/core/providers/load.js';

const own = (name: string) => new Map([[name, defineProvider({ name, title: 'Mine' }, { custom: true })]]);

describe('loadProvider', () => {
  it('finds built-in ones and those of the config, which win', async () => {
    expect((await loadProvider('connect2print')).title).toBe('Connect2Print');
    expect((await loadProvider('acme', own('acme'))).title).toBe('Mine');
    expect((await loadProvider('printone', own('printone'))).title).toBe('Mine');
  });

  it('offers the nearest names', async () => {
    await expect(loadProvider('conect2print')).rejects.toMatchObject({
      code: 'provider_unknown',
      message: "There is no provider 'conect2print'.",
      hint: 'Did you mean connect2print?',
    });
    await expect(loadProvider('acm', own('acme'))).rejects.toMatchObject({ hint: 'Did you mean acme?' });
    await expect(loadProvider('something-else')).rejects.toMatchObject({ hint: 'See them all with: webhook providers' });
  });
});

it('loadProviders has each name once, those of the config first', async () => {
  const names = (await loadProviders(own('printone'))).map(({ name, title }) => `${name} ${title}`);
  expect(names[0]).toBe('printone Mine');
  expect(names).toHaveLength(builtinProviders.length);
});
