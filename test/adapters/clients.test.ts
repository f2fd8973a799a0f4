import { describe, expect, test } from '@jest/globals';
import { clientConfig, endpointOf, s3Config } from '../../src/adapters/aws/clients.ts';

describe('clientConfig', () => {
  test('region comes from AWS_REGION, and from AWS_DEFAULT_REGION where that is missing', () => {
    const both = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' };
    expect(clientConfig(both).region).toBe('eu-west-1');
    expect(clientConfig({ AWS_DEFAULT_REGION: 'us-east-1' }).region).toBe('us-east-1');
  });

  test('without a region it says which variable to set', () => {
    expect(() => clientConfig({})).toThrow('set AWS_REGION');
    expect(() => clientConfig({ AWS_REGION: '' })).toThrow('set AWS_REGION');
  });
});

describe('s3Config', () => {
  const AWS_REGION = 'eu-west-1';

  test('buckets are host names at AWS', () => {
    expect(s3Config({ AWS_REGION }).forcePathStyle).toBe(false);
    expect(s3Config({ AWS_REGION, AWS_ENDPOINT_URL_SQS: 'http://q' }).forcePathStyle).toBe(false);
  });

  test('buckets are paths at an endpoint of one’s own', () => {
    const general = { AWS_REGION, AWS_ENDPOINT_URL: 'http://localhost:5000' };
    expect(s3Config(general).forcePathStyle).toBe(true);
    const own = { AWS_REGION, AWS_ENDPOINT_URL_S3: 'http://localhost:5000' };
    expect(s3Config(own).forcePathStyle).toBe(true);
  });
});

test('a service’s own endpoint goes before the general one, without a slash at its end', () => {
  const env = { AWS_ENDPOINT_URL: 'http://all/', AWS_ENDPOINT_URL_S3: 'http://s3//' };
  expect(endpointOf('s3', env)).toBe('http://s3');
  expect(endpointOf('sqs', env)).toBe('http://all');
  expect(endpointOf('sqs', {})).toBeUndefined();
});
