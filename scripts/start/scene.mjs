import { join } from 'node:path';
import { readKept, writeKept } from './kept-file.mjs';

const hour = 3_600_000;
const day = 24 * hour;

/** Below the user directory of the demo. */
export const sceneFile = 'simulator.json';

/** Hours of the house's day within which a start goes on with the scene of the last one; later there is little sun. */
const daylight = { from: 9, to: 15.5 };
/** The hour at which a new scene begins. */
const noon = 13;
const firstSerial = 122600000042;

/** Hour of the day in the house whose time runs ahead by so many ms. */
function hourAt(calendar, now, shift) {
  return ((now + calendar.offset(now) + shift) % day) / hour;
}

/**
 * The simulated gateway as it was at the last start: the same address, certificate and tokens, so that it is read on
 * without another login, and the same time of its day, so that its counters go on. When the sun has gone down there
 * another gateway comes, where it is early afternoon: counters of one and the same gateway must not jump.
 * `shiftToHour` is the one of the simulator.
 */
export function openScene(folder, { calendar, now, shiftToHour }) {
  const path = join(folder, sceneFile);
  const kept = readKept(path);
  const { shift, serial = firstSerial - 1, ...rest } = kept;
  const hourNow = shift === undefined ? undefined : hourAt(calendar, now, shift);
  const goesOn = hourNow >= daylight.from && hourNow < daylight.to;
  let scene = goesOn ? kept : { ...rest, serial: serial + 1, shift: shiftToHour(calendar, now, noon) };
  return {
    get value() {
      return scene;
    },
    /** The hour at which the house's day stands now. */
    startAt: hourAt(calendar, now, scene.shift),
    /** Changes some of it, safely on disk at once. */
    change(part) {
      scene = { ...scene, ...part };
      writeKept(path, scene);
    },
  };
}
