/* global process */
// Loaded into Node-RED before anything else: says, when it is asked, what the process takes.
const { sep } = require('node:path');

/** The packages below the user directory of which modules were loaded by `require`. */
function loadedPackages() {
  const below = `${process.argv[process.argv.indexOf('--userDir') + 1]}${sep}node_modules${sep}`;
  const names = Object.keys(require.cache).flatMap((path) => {
    // Node-RED itself reads the package.json of everything that is installed.
    if (!path.startsWith(below) || path.endsWith('.json')) return [];
    const [first, second] = path.slice(below.length).split(sep);
    return [first.startsWith('@') ? `${first}/${second}` : first];
  });
  return [...new Set(names)];
}

process.on('message', (question) => {
  if (question !== 'measure') return;
  global.gc();
  const { user, system } = process.cpuUsage();
  process.send({
    residentBytes: process.memoryUsage.rss(),
    heapBytes: process.memoryUsage().heapUsed,
    cpuMilliseconds: (user + system) / 1000,
    loaded: loadedPackages(),
  });
});
