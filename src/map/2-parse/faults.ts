/** Why a line is no record. The order is the parser's result code; names are stable, for counters. */
export const FAULTS = [
  'none',
  'empty',
  'too-few-fields',
  'too-many-fields',
  'bad-number',
  'out-of-range',
  'bad-address',
  'bad-value',
  'not-utf8',
  'no-time',
  'ambiguous-format',
] as const;

export const OK = 0;
export const EMPTY = 1;
export const TOO_FEW = 2;
export const TOO_MANY = 3;
export const BAD_NUMBER = 4;
export const OUT_OF_RANGE = 5;
export const BAD_ADDRESS = 6;
export const BAD_VALUE = 7;
export const NOT_UTF8 = 8;
export const NO_TIME = 9;
export const AMBIGUOUS = 10;
