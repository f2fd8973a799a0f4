/**
 * What digests are likely to contain, so that even the first occurrence deflates: ids of built-in
 * rules, regions, fields in AWS's order. The encoding depends on every byte: to change one is to make
 * a new encoding beside this one (`codec.ts`); a rule that is not in it costs a few bytes, no more.
 */
export const DICTIONARY = Buffer.from(
  [
    'access-after-probing beaconing bogon-traffic bpa-rejects cleartext-login',
    'control-plane-from-internet database-from-internet directory-from-internet',
    'dns-foreign-resolver dns-volume exfiltration-slow exfiltration-volume flow-log-malformed',
    'flow-log-skips icmp-volume internal-port-scan internal-probing internal-sweep',
    'login-after-guessing login-brute-force login-brute-force-slow mining-pool-port',
    'new-outbound-port outbound-rejects outbound-sweep port-probing reject-spike',
    'remote-admin-from-internet service-silent service-unanswered short-flow-flood smb-fan-out',
    'smb-from-internet smb-to-internet smb-worm-chain smtp-outbound syn-flood telnet-accepted',
    'udp-reflection unusual-protocol',
    'srcaddr dstaddr dstport ap-southeast-1 us-west-2 eu-central-1 eu-west-1 us-east-1',
    'vpc- subnet- i- eni- /aws/vpc/flow-logs NODATA SKIPDATA REJECT OK ACCEPT',
    '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport}',
    '${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status} ${vpc-id}',
    '${subnet-id} ${instance-id} ${tcp-flags} ${type} ${pkt-srcaddr} ${pkt-dstaddr} ${region}',
    '${az-id} ${sublocation-type} ${sublocation-id} ${pkt-src-aws-service} ${pkt-dst-aws-service}',
    '${flow-direction} ${traffic-path}',
  ].join(' '),
);
