/* global AbortController */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { account, usesTokens } from './account.mjs';

const address = '127.0.0.1';

function logOf(file) {
  try {
    const { code, headers = {} } = JSON.parse(readFileSync(`${file}_log.json`, 'utf8'));
    return { status: code, type: headers['content-type'] ?? headers['Content-Type'] };
  } catch {
    // Without a log, or with a broken one, the reply counts as a good one.
    return {};
  }
}

/** A recorded reply. Some recorders kept a refusal as a document with the status in it. */
function replyOf(file) {
  const body = readFileSync(file);
  const start = body.subarray(0, 200).toString('utf8').trimStart();
  const { status = 200, type = start.startsWith('<') ? 'text/html' : 'application/json' } = logOf(file);
  const refused = status === 200 && /^\{\s*"status":\s*401/.test(start);
  return { status: refused ? 401 : status, headers: { 'Content-Type': type }, body };
}

/** The replies of a recorded system by file name: the path without its first slash, other slashes as `_`. */
function repliesOf(folder) {
  const names = readdirSync(folder).filter((name) => !name.endsWith('_log.json') && name !== '_readme');
  const files = names.map((name) => [name, join(folder, name)]).filter(([, file]) => statSync(file).isFile());
  return new Map(files.map(([name, file]) => [name, replyOf(file)]));
}

function element(document, name) {
  return new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(document)?.[1] ?? '';
}

const notRecorded = { status: 404, headers: { 'Content-Type': 'text/html' }, body: '<html>404 Not Found</html>' };

/** What a recorded system answers, in the form in which the simulator plays a bundle. */
function answersOf(folder) {
  const replies = repliesOf(folder);
  const info = replies.get('info').body.toString('utf8');
  const firmware = /\d+(\.\d+)*/.exec(element(info, 'software'))?.[0] ?? '';
  return {
    identity: { serial: element(info, 'sn'), firmware, tokens: usesTokens(firmware) },
    to(path, query) {
      const name = path.slice(1).replaceAll('/', '_');
      const candidates = [name, ...(path === '/inventory.json' ? ['inventory'] : [])];
      if (query !== '') candidates.unshift(name + query.replace('?', '_').replace('=', '_'));
      const found = candidates.find((candidate) => replies.has(candidate));
      return replies.get(found) ?? notRecorded;
    },
  };
}

/** The parts of the simulator that play; to be called where TypeScript can be imported. */
async function simulatorParts() {
  const [{ startCloud }, { createCertificate }, { Listener }, { createRequestLog }] = await Promise.all([
    import('../../simulator/cloud/cloud.js'),
    import('../../simulator/shared/certificate.js'),
    import('../../simulator/shared/listener.js'),
    import('../../simulator/shared/request-log.js'),
  ]);
  const [{ DigestGuard, defaultDigest }, { createBearerGuard }, { factoryPasswords }, { createReplayHandler }] =
    await Promise.all([
      import('../../simulator/gateway/digest.js'),
      import('../../simulator/gateway/sessions.js'),
      import('../../simulator/gateway/local-password.js'),
      import('../../simulator/replay/handler.js'),
    ]);
  return {
    startCloud,
    createCertificate,
    Listener,
    createRequestLog,
    DigestGuard,
    defaultDigest,
    createBearerGuard,
    factoryPasswords,
    createReplayHandler,
  };
}

/** Plays one system at any free port, which speaks the scheme of its firmware. */
async function startGateway(parts, { answers, authority, certificate, closed }) {
  const { serial, tokens } = answers.identity;
  const handler = parts.createReplayHandler({
    answers,
    digest: new parts.DigestGuard(() => parts.factoryPasswords(serial), Date.now),
    bearer: parts.createBearerGuard({ authority, serial: () => serial, clock: Date.now }),
    log: parts.createRequestLog(),
    closed,
  });
  const listener = new parts.Listener({ host: address, port: 0, certificate, handler });
  listener.accept = (protocol) => (protocol === 'tls') === tokens;
  await listener.open();
  return listener;
}

/**
 * Plays recordings with the simulator's parts: each system at a port of its own on 127.0.0.1, and a cloud that knows the
 * account. Writes the certificate of the cloud into `folder`.
 */
export async function playWithSimulator({ recordings, systems, folder }) {
  const parts = await simulatorParts();
  const played = systems.map((name) => ({ name, answers: answersOf(join(recordings, name)) }));
  const serials = played.map(({ answers }) => answers.identity.serial);
  const cloud = await parts.startCloud({
    accounts: [{ email: account.username, password: account.password, serials }],
  });
  const ca = join(folder, 'cloud.pem');
  writeFileSync(ca, cloud.ca);
  const certificate = await parts.createCertificate({ commonName: 'envoy', addresses: [address] });
  const closing = new AbortController();
  const common = { authority: cloud.authority, certificate, closed: closing.signal };
  const listeners = await Promise.all(played.map(({ answers }) => startGateway(parts, { answers, ...common })));
  return {
    cloud: cloud.url,
    ca,
    gateways: played.map(({ name, answers }, index) => ({
      name,
      firmware: answers.identity.firmware,
      host: `${address}:${listeners[index].port}`,
    })),
    async stop() {
      closing.abort();
      await Promise.all([cloud, ...listeners].map((each) => each.close()));
    },
  };
}
