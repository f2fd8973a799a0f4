/** Where records come from; event time is kept per source. */
export interface Source {
  readonly kind: 'logGroup' | 'bucket' | 'file' | 'stream';
  /** Log group name, bucket prefix, file path or name of a Kinesis stream. */
  readonly name: string;
  readonly account?: string;
  readonly region?: string;
}
