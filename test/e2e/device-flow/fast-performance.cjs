'use strict';
const { performance } = require('node:perf_hooks');
const process = require('node:process');

// Loaded into a Node-RED under test beside `equipment/clock.cjs`: the clock that measures lengths of time runs as fast.
const speed = Number(process.env.CLOCK_SPEED);
const real = performance.now.bind(performance);
const begin = real();

performance.now = () => begin + (real() - begin) * speed;
