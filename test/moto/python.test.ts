import { expect, test } from '@jest/globals';
import { findPython } from './python.ts';

test('without a Python the message says what is needed and how to get it', async () => {
  const search = findPython(['no-such-python-1', 'no-such-python-2']);
  await expect(search).rejects.toThrow('needs Python 3.10 or newer on PATH; no Python was found');
  await expect(search).rejects.toThrow('apt install python3 python3-venv');
});
