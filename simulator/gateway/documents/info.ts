import { hash, seedOf } from '../../model/noise.js';
import type { View } from '../identity.js';
import { usesTokens } from '../identity.js';
import { since } from '../version.js';

/** Letter in front of the version: it tells how the firmware was released. */
function prefix(firmware: string): string {
  if (since(firmware, '5.0.0')) return 'D';
  return since(firmware, '4.2.0') && !since(firmware, '4.3.0') ? 'M' : 'R';
}

function hexadecimal(text: string): string {
  return Math.floor(hash(seedOf(text), 1) * 0xff_ffff)
    .toString(16)
    .padStart(6, '0');
}

const packages = ['app', 'backbone', 'boot', 'devimg', 'geo', 'kernel', 'rootfs', 'security'];

/** The document of `/info` and `/info.xml` (spec/envoy 1.2). */
export function infoDocument({ identity, time, seconds }: View): string {
  const { serial, firmware, metered } = identity;
  const dotted = firmware
    .split('.')
    .map((part) => part.padStart(2, '0'))
    .join('.');
  const part = metered ? '800-00654-r08' : '800-00554-r03';
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<envoy_info>',
    `  <time>${seconds(time)}</time>`,
    '  <device>',
    `    <sn>${serial}</sn>`,
    `    <pn>${part}</pn>`,
    `    <software>${prefix(firmware)}${firmware}</software>`,
    '    <euaid>4c8675</euaid>',
    '    <seqnum>0</seqnum>',
    '    <apiver>1</apiver>',
    ...(since(firmware, '5.0.0') ? [`    <imeter>${metered}</imeter>`] : []),
    '  </device>',
    ...(usesTokens(identity) ? ['  <web-tokens>true</web-tokens>'] : []),
    ...packages.flatMap((name, index) => [
      `  <package name="${name}">`,
      `    <pn>500-0000${index + 1}-r01</pn>`,
      `    <version>${dotted}</version>`,
      `    <build>${hexadecimal(name + firmware)}</build>`,
      '  </package>',
    ]),
    '  <build_info>',
    `    <build_id>simulator-${hexadecimal(firmware)}</build_id>`,
    '    <build_time_gmt>1735689600</build_time_gmt>',
    '    <release_stage>production</release_stage>',
    `    <release_ver>${dotted}</release_ver>`,
    '  </build_info>',
    '</envoy_info>',
  ];
  return `${lines.join('\n')}\n`;
}
