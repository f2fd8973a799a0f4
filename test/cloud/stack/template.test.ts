import { describe, expect, test } from '@jest/globals';
import { emulatedPart, Resolver, type Template } from './template.ts';

/** A placeholder of Fn::Sub. */
const place = (name: string) => `\${${name}}`;

const template: Template = {
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table' },
    Queue: { Type: 'AWS::SQS::Queue' },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', DependsOn: ['Queue'] },
    Function: { Type: 'AWS::Lambda::Function', DependsOn: ['Alarm', 'Queue'] },
    Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'RetainExceptOnCreate' },
  },
};
const resolver = new Resolver(template, {
  account: '123456789012',
  region: 'us-east-1',
  stackId: 'id',
  stackName: 'name',
  physical: new Map([
    ['Table', 'stack-Table-1'],
    ['Queue', 'http://localhost/123456789012/stack-Queue-1'],
  ]),
  attributes: new Map([['Table.StreamArn', 'arn:stream']]),
});

describe('References of a template', () => {
  test.each([
    [{ Ref: 'Table' }, 'stack-Table-1'],
    [{ Ref: 'AWS::AccountId' }, '123456789012'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:123456789012:stack-Queue-1'],
    [{ 'Fn::GetAtt': 'Table.StreamArn' }, 'arn:stream'],
    [
      { 'Fn::Sub': `${place('Table.Arn')}/${place('!kept')}/${place('AWS::Region')}` },
      `arn:aws:dynamodb:us-east-1:123456789012:table/stack-Table-1/${place('!kept')}/us-east-1`,
    ],
    [{ a: [{ Ref: 'AWS::NoValue' }, 1], b: { Ref: 'AWS::NoValue' } }, { a: [1] }],
  ])('%j is %j', (value, wanted) => {
    expect(resolver.resolve(value)).toEqual(wanted);
  });

  test.each([
    [{ Ref: 'Nothing' }, 'no resource Nothing'],
    [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, 'Queue.Colour'],
    [{ 'Fn::Join': ['', []] }, 'Fn::Join'],
  ])('%j is an error, not a guess', (value, message) => {
    expect(() => resolver.resolve(value)).toThrow(message);
  });

  test('the emulator gets the template without what the harness does itself', () => {
    expect(emulatedPart(template).Resources).toEqual({
      Table: { Type: 'AWS::DynamoDB::Table' },
      Queue: { Type: 'AWS::SQS::Queue' },
      Function: { Type: 'AWS::Lambda::Function', DependsOn: ['Queue'] },
      Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' },
    });
  });
});
