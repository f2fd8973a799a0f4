/** MITRE ATT&CK techniques as rules name them in their tags: `attack.t1021.004`. */

/** Of the release in `ATTACK_VERSION`; https://attack.mitre.org/ */
export const ATTACK_VERSION = '16.1';

export interface Named {
  readonly uid: string;
  readonly name?: string;
}

export interface Technique {
  readonly technique: Named;
  readonly sub?: Named;
  /** The one a flow log shows, where a technique has several. */
  readonly tactic?: Named;
}

const TACTICS = {
  reconnaissance: { uid: 'TA0043', name: 'Reconnaissance' },
  access: { uid: 'TA0001', name: 'Initial Access' },
  execution: { uid: 'TA0002', name: 'Execution' },
  evasion: { uid: 'TA0005', name: 'Defense Evasion' },
  credentials: { uid: 'TA0006', name: 'Credential Access' },
  discovery: { uid: 'TA0007', name: 'Discovery' },
  lateral: { uid: 'TA0008', name: 'Lateral Movement' },
  control: { uid: 'TA0011', name: 'Command and Control' },
  exfiltration: { uid: 'TA0010', name: 'Exfiltration' },
  impact: { uid: 'TA0040', name: 'Impact' },
} as const;

/** Techniques that network records can show, by number. */
const TECHNIQUES: Readonly<Record<string, readonly [name: string, tactic: keyof typeof TACTICS]>> =
  {
    T1018: ['Remote System Discovery', 'discovery'],
    T1021: ['Remote Services', 'lateral'],
    T1029: ['Scheduled Transfer', 'exfiltration'],
    T1040: ['Network Sniffing', 'credentials'],
    T1041: ['Exfiltration Over C2 Channel', 'exfiltration'],
    T1046: ['Network Service Discovery', 'discovery'],
    T1048: ['Exfiltration Over Alternative Protocol', 'exfiltration'],
    T1071: ['Application Layer Protocol', 'control'],
    T1078: ['Valid Accounts', 'access'],
    T1090: ['Proxy', 'control'],
    T1095: ['Non-Application Layer Protocol', 'control'],
    T1110: ['Brute Force', 'credentials'],
    T1133: ['External Remote Services', 'access'],
    T1187: ['Forced Authentication', 'credentials'],
    T1190: ['Exploit Public-Facing Application', 'access'],
    T1210: ['Exploitation of Remote Services', 'lateral'],
    T1219: ['Remote Access Software', 'control'],
    T1489: ['Service Stop', 'impact'],
    T1496: ['Resource Hijacking', 'impact'],
    T1498: ['Network Denial of Service', 'impact'],
    T1499: ['Endpoint Denial of Service', 'impact'],
    T1537: ['Transfer Data to Cloud Account', 'exfiltration'],
    T1557: ['Adversary-in-the-Middle', 'credentials'],
    T1562: ['Impair Defenses', 'evasion'],
    T1567: ['Exfiltration Over Web Service', 'exfiltration'],
    T1570: ['Lateral Tool Transfer', 'lateral'],
    T1571: ['Non-Standard Port', 'control'],
    T1572: ['Protocol Tunneling', 'control'],
    T1595: ['Active Scanning', 'reconnaissance'],
    T1599: ['Network Boundary Bridging', 'evasion'],
    T1610: ['Deploy Container', 'execution'],
    T1613: ['Container and Resource Discovery', 'discovery'],
  };

const SUB_TECHNIQUES: Readonly<Record<string, string>> = {
  'T1021.001': 'Remote Desktop Protocol',
  'T1021.002': 'SMB/Windows Admin Shares',
  'T1021.004': 'SSH',
  'T1021.005': 'VNC',
  'T1021.006': 'Windows Remote Management',
  'T1048.001': 'Exfiltration Over Symmetric Encrypted Non-C2 Protocol',
  'T1048.002': 'Exfiltration Over Asymmetric Encrypted Non-C2 Protocol',
  'T1048.003': 'Exfiltration Over Unencrypted Non-C2 Protocol',
  'T1071.001': 'Web Protocols',
  'T1071.002': 'File Transfer Protocols',
  'T1071.003': 'Mail Protocols',
  'T1071.004': 'DNS',
  'T1090.003': 'Multi-hop Proxy',
  'T1110.001': 'Password Guessing',
  'T1110.003': 'Password Spraying',
  'T1110.004': 'Credential Stuffing',
  'T1498.001': 'Direct Network Flood',
  'T1498.002': 'Reflection Amplification',
  'T1499.001': 'OS Exhaustion Flood',
  'T1499.002': 'Service Exhaustion Flood',
  'T1562.008': 'Disable or Modify Cloud Logs',
  'T1595.001': 'Scanning IP Blocks',
  'T1595.002': 'Vulnerability Scanning',
};

const TAG = /^attack\.(t\d{4})(?:\.(\d{3}))?$/;

/** Techniques of a rule's tags, in their order; a number that is not listed has no name. */
export function techniquesOf(tags: readonly string[]): Technique[] {
  return tags.flatMap((tag) => {
    const match = TAG.exec(tag);
    if (match === null) return [];
    const uid = match[1].toUpperCase();
    const [name, tactic] = TECHNIQUES[uid] ?? [];
    const sub = match[2] === undefined ? undefined : `${uid}.${match[2]}`;
    return [
      {
        technique: named(uid, name),
        ...(sub !== undefined && { sub: named(sub, SUB_TECHNIQUES[sub]) }),
        ...(tactic !== undefined && { tactic: TACTICS[tactic] }),
      },
    ];
  });
}

function named(uid: string, name: string | undefined): Named {
  return { uid, ...(name !== undefined && { name }) };
}
