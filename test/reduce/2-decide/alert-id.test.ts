import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { alertId } from '../../../src/reduce/2-decide/alert-id.ts';
import { idOf } from '../oracle.ts';

describe('alertId', () => {
  // printf 'ssh\0["198.51.100.7",22]\01795435200' | openssl dgst -sha256 -binary | base32 | cut -c-26
  test.each([
    ['ssh', '["198.51.100.7",22]', 1_795_435_200, 'JI7TRYNCE2STJJVLZHFNOFJCEC'],
    ['no-group', '[]', 0, 'QN3UXP2OPTGWMVNFSU7NURZEKB'],
    ['naïve', '["ü",null]', 60, 'HGJ3OCYLDGXHGWU4ZR5UJXZKCM'],
  ])('%s of %s in slot %d is %s', (rule, group, slot, id) => {
    expect(alertId(rule, group, slot)).toBe(id);
  });

  test('it is the base32 of the hash, computed over its bits as one number', () => {
    for (let i = 0; i < 200; i++) {
      const group = JSON.stringify([createHash('md5').update(String(i)).digest('hex'), i]);
      expect(alertId(`rule-${i}`, group, i * 60)).toBe(idOf(`rule-${i}`, group, i * 60));
    }
  });

  test('neither a rule nor a group can borrow characters from its neighbour', () => {
    expect(alertId('a', 'bc', 0)).not.toBe(alertId('ab', 'c', 0));
    expect(alertId('a', 'b1', 0)).not.toBe(alertId('a', 'b', 10));
    expect(alertId('a', 'b', 60)).not.toBe(alertId('a', 'b', 120));
  });
});
