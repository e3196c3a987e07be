import { inverterReports } from '../../model/inverters.js';
import type { View } from '../identity.js';
import { channelEid } from './inverters.js';
import { acUnits, unitTotals } from './units.js';

interface Row {
  readonly eid: number;
  readonly kind: '1' | '11';
  readonly serialNumber: string;
  readonly reportedAt: number;
}

/** The document of `/inv` (spec/envoy 7.4): all devices in a flat table of texts. */
export function deviceTable(view: View): object {
  const inverters = inverterReports(view.plant, view.time).map(({ index, serialNumber, reportedAt }) => ({
    eid: channelEid(index),
    kind: '1' as const,
    serialNumber,
    reportedAt,
  }));
  const { reportedAt } = unitTotals(view).acBattery;
  const acBatteries = acUnits(view).map(({ index, serialNumber }) => ({
    eid: 1_795_162_385 + index * 256,
    kind: '11' as const,
    serialNumber,
    reportedAt,
  }));
  const created = String(view.seconds(view.plant.parameters.commissionedAt));
  const rows = [...inverters, ...acBatteries].map((row: Row) => ({
    ce: String(row.eid),
    dtype: row.kind,
    chtype: row.kind === '1' ? '1' : '5',
    as: '2',
    s: row.serialNumber,
    pn: row.kind === '1' ? '800-01127-r02' : '800-00930-r03',
    ptpn: '540-00134-r01-v04.30.12',
    edcon: '0',
    devobs: '0',
    ctcon: '0',
    ctobs: '0',
    ctctf: '0',
    chcon: '0',
    chobs: '0',
    chctf: '0',
    cd: created,
    ld: String(view.seconds(row.reportedAt)),
    ip: '520-00082-r01-v04.30.32',
    id: created,
    ap: '880-00843-r35',
    fp: '480-00031-r01-v00.0c.01',
    cap: '313338',
  }));
  return { numrows: rows.length, rows };
}
