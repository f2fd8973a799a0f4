/** Where records come from; event time is kept per source. */
export interface Source {
  readonly kind: 'logGroup' | 'bucket' | 'file';
  /** Log group name, bucket prefix or file path. */
  readonly name: string;
  readonly account?: string;
  readonly region?: string;
}
