'use strict';
const process = require('node:process');

// Loaded into a Node-RED under test before anything else (NODE_OPTIONS=--require): time passes CLOCK_SPEED times as fast
// since CLOCK_BEGIN (ms since the epoch), and with TIMERS=fast timers run as fast as the clock.
const speed = Number(process.env.CLOCK_SPEED);
const begin = Number(process.env.CLOCK_BEGIN);
const realNow = Date.now;
const RealDate = Date;

const now = () => Math.round(begin + (realNow() - begin) * speed);

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given));
  }

  static now() {
    return now();
  }
};

if (process.env.TIMERS === 'fast') {
  for (const name of ['setTimeout', 'setInterval']) {
    const start = globalThis[name];
    globalThis[name] = (callback, milliseconds, ...given) => start(callback, (milliseconds ?? 0) / speed, ...given);
  }
}
